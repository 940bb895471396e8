package io.meshwork.testkit.aws.internal.server;

import java.io.IOException;

/**
 * The main class of the child: DynamoDB Local, and a thread that stops it at the end of standard
 * input. The parent keeps its end of that pipe open while it runs, so the child also ends when the
 * parent is killed.
 */
final class DynamoDbLocalProcess {
  private static final String SERVER = "software.amazon.dynamodb.services.local.main.ServerRunner";

  private DynamoDbLocalProcess() {}

  /** Runs the server with these arguments. */
  public static void main(String[] arguments) throws Exception {
    Thread watch = new Thread(DynamoDbLocalProcess::endWithInput, "end with the parent");
    watch.setDaemon(true);
    watch.start();
    Class.forName(SERVER).getMethod("main", String[].class).invoke(null, (Object) arguments);
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {
        continue;
      }
    } catch (IOException e) {
      // An unreadable input counts as ended.
      Runtime.getRuntime().halt(1);
    }
    Runtime.getRuntime().halt(0);
  }
}
