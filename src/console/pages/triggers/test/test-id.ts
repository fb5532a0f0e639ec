/** The panel for test messages in the page of a trigger: what links to it has this behind the `#`. */
export const TEST_ID = "send-a-test-message";
