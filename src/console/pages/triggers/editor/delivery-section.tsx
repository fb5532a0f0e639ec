import { bind, type DraftProps } from "../../../ui/form/fields/bind.ts";
import { SelectField, SwitchField, TextField } from "../../../ui/form/fields/fields.tsx";
import { Stack, Under } from "../../../ui/form/layout.tsx";
import { Section } from "../../../ui/page/page.tsx";
import type { TriggerDraft } from "./trigger-draft.ts";

/** In which order messages are handled, and whether the caller waits for the result. */
export function DeliverySection({ draft, onChange }: DraftProps<TriggerDraft>) {
  const field = bind(draft, onChange);
  return (
    <Section title="Delivery">
      <Stack>
        <div>
          <SwitchField
            {...field("isOrdered", "orderedDelivery")}
            label="Ordered Delivery"
            help="Messages are handled and executed exactly in the order in which they are received, one at a time. Useful when one message builds on the one before, or when a system behind the flow cannot take many at once."
          />
          {draft.isOrdered && <OrderFields draft={draft} onChange={onChange} />}
        </div>
        <div>
          <SwitchField
            {...field("isRequestResponse", "requestResponse")}
            label="Request-Response"
            help="A call returns only when there is a response from a completed execution, or when the maximum time is over. Useful when the consumer needs the result, such as the id of a work order or a price. Without it calls are answered at once, which makes them much faster."
          />
          {draft.isRequestResponse && (
            <Under>
              <TextField
                {...field("timeoutSeconds", "requestResponse.timeoutSeconds")}
                label="Maximum time in seconds"
                help="25 when left empty, up to 300. When it is over the caller gets a time-out; the execution goes on."
                type="number"
                placeholder="25"
              />
            </Under>
          )}
        </div>
      </Stack>
    </Section>
  );
}

function OrderFields({ draft, onChange }: DraftProps<TriggerDraft>) {
  const field = bind(draft, onChange);
  return (
    <Under>
      <TextField
        {...field("laneKey", "orderedDelivery.key")}
        label="One order for each"
        help="A template over query, headers and body, such as {{ query.customer }}: messages with the same value are kept in order, those with different ones run side by side. Left empty, all messages are in one order."
        isCode
      />
      <SelectField
        {...field("onFailure", "orderedDelivery.onFailure")}
        label="When an execution fails"
        options={{
          continue: "Continue with the next message",
          block: "Block until somebody retries or skips it",
        }}
      />
    </Under>
  );
}
