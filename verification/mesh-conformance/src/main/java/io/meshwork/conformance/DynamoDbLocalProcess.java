package io.meshwork.conformance;

import java.io.IOException;

/**
 * The program of the child: DynamoDB Local, and a thread that ends it when standard input ends. The
 * parent holds the other end of that pipe open for as long as it lives, so even a parent that is
 * killed leaves nothing behind.
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
      // An input that cannot be read has ended as well.
      Runtime.getRuntime().halt(1);
    }
    Runtime.getRuntime().halt(0);
  }
}
