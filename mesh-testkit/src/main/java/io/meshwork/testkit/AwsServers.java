package io.meshwork.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The servers behind all emulators of this JVM: each is started once, when it is first needed, and
 * ends with the JVM. Thread-safe.
 */
final class AwsServers {
  private static final String ENDPOINT = "mesh.aws.endpoint";
  private static final String DOCKER = "mesh.docker";
  private static final String PYTHON = "mesh.python";
  private static final String DYNAMO_DB_JARS = "mesh.ddb.dir";

  private static @Nullable MotoServer moto;
  private static @Nullable DynamoDbLocal dynamoDb;

  private AwsServers() {}

  /** Returns the endpoint of all services except DynamoDB. */
  static synchronized URI services() {
    String endpoint = System.getProperty(ENDPOINT);
    if (endpoint != null) {
      return URI.create(endpoint.replaceFirst("/$", ""));
    }
    if (Boolean.getBoolean(DOCKER)) {
      throw new UnsupportedOperationException(
          "Cannot start the AWS emulator in Docker: -D"
              + DOCKER
              + "=true is not supported yet. Start the container motoserver/moto and set -D"
              + ENDPOINT
              + ", or install moto.");
    }
    if (moto == null) {
      String python = System.getProperty(PYTHON, "python3");
      try {
        moto = MotoServer.start(python);
      } catch (IOException e) {
        throw missing(
            "moto does not run in '"
                + python
                + "'. Install it with: "
                + python
                + " -m pip install 'moto[server]==5.2.1', or name another Python with -D"
                + PYTHON
                + ", or a server that runs with -D"
                + ENDPOINT,
            e);
      }
    }
    return moto.endpoint();
  }

  /** Returns the endpoint of DynamoDB Local. */
  static synchronized URI dynamoDb() {
    if (dynamoDb == null) {
      String jars = System.getProperty(DYNAMO_DB_JARS);
      if (jars == null) {
        throw missing(
            "the folder of DynamoDB Local's jars is unknown. Copy"
                + " software.amazon.dynamodb:DynamoDBLocal and its dependencies to a folder and set"
                + " -D"
                + DYNAMO_DB_JARS,
            null);
      }
      try {
        dynamoDb = DynamoDbLocal.start(Path.of(jars));
      } catch (IOException e) {
        throw missing("DynamoDB Local does not run from -D" + DYNAMO_DB_JARS + "=" + jars, e);
      }
    }
    return dynamoDb.endpoint();
  }

  /** Skips the test; on a CI server, where a skip goes unnoticed, fails it. */
  private static RuntimeException missing(String reason, @Nullable IOException cause) {
    String message =
        "Cannot start the AWS emulator: "
            + reason
            + "."
            + (cause == null ? "" : " The reason: " + cause.getMessage());
    if (System.getenv("CI") != null) {
      return new IllegalStateException(message, cause);
    }
    return Assumptions.abort(message);
  }
}
