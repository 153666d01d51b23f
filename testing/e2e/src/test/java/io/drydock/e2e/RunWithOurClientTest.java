package io.drydock.e2e;

/** {@link RunCases} with our client. */
class RunWithOurClientTest extends RunCases {
    RunWithOurClientTest(Stage stage) {
        super(stage, stage.engine.ours());
    }
}
