/** ECharts on a canvas. Import it only from what is loaded late: it is large. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import styles from "./chart.module.css";

use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

interface Props {
  readonly option: EChartsCoreOption;
  /** A description for screen readers. */
  readonly label: string;
}

export function Chart({ option, label }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(null);

  useEffect(() => {
    if (!element.current) return;
    const made = init(element.current, null, { renderer: "canvas" });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption({ ...BASE, ...option }, { notMerge: true });
  }, [option]);

  return <div ref={element} className={styles.chart} role="img" aria-label={label} />;
}

const BASE: EChartsCoreOption = {
  animation: false,
  grid: { left: 8, right: 8, top: 12, bottom: 4, containLabel: true },
};
