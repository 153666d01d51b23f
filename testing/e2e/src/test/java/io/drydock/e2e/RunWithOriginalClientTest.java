package io.drydock.e2e;

/** {@link RunCases} with the original client. */
class RunWithOriginalClientTest extends RunCases {
    RunWithOriginalClientTest(Stage stage) {
        super(stage, stage.engine.original());
    }
}
