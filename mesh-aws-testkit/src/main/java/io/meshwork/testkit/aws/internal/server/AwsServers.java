package io.meshwork.testkit.aws.internal.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The servers behind all emulators of this JVM: each is started once, when it is first needed, and
 * ends with the JVM. A server that is missing is reported once on standard error. Thread-safe.
 */
public final class AwsServers {
  private static final String ENDPOINT = "mesh.aws.endpoint";
  private static final String DOCKER = "mesh.docker";
  private static final int PATIENCE = 3_000; // milliseconds
  private static final Set<String> NOT_A_CI_SERVER = Set.of("", "0", "false");

  private static final Server SERVICES = new Server(AwsServers::startServices);
  private static final Server DYNAMO_DB = new Server(() -> DynamoDbLocal.start().endpoint());

  private AwsServers() {}

  /** Returns the endpoint of all services except DynamoDB. */
  public static URI services() {
    return SERVICES.endpoint();
  }

  /** Returns the endpoint of DynamoDB Local. */
  public static URI dynamoDb() {
    return DYNAMO_DB.endpoint();
  }

  private static URI startServices() throws IOException {
    String endpoint = System.getProperty(ENDPOINT);
    if (endpoint != null) {
      return named(URI.create(endpoint.replaceFirst("/$", "")));
    }
    if (!Boolean.getBoolean(DOCKER)) {
      return MotoServer.start().endpoint();
    }
    Optional<String> obstacle = AwsContainer.obstacle();
    return obstacle.isEmpty() ? AwsContainer.start() : motoInsteadOf(obstacle.get());
  }

  /** Starts the next server in the order, and says that it is not the one that was asked for. */
  private static URI motoInsteadOf(String obstacle) throws IOException {
    String explanation =
        "-D"
            + DOCKER
            + "=true asks for the container '"
            + AwsContainer.image()
            + "', but "
            + obstacle;
    try {
      URI endpoint = MotoServer.start().endpoint();
      System.err.println(
          explanation + " The AWS emulator uses moto in Python instead, at " + endpoint);
      return endpoint;
    } catch (IOException e) {
      throw new IOException(explanation + " And " + e.getMessage(), e);
    }
  }

  private static URI named(URI endpoint) throws IOException {
    int port = endpoint.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.getHost(), port < 0 ? 80 : port), PATIENCE);
      return endpoint;
    } catch (IOException e) {
      throw new IOException(
          "no server accepts connections at -D"
              + ENDPOINT
              + "="
              + endpoint
              + ". Start the server, or remove the property. The reason: "
              + e.getMessage(),
          e);
    }
  }

  /** Starts a server and returns its endpoint. */
  private interface Start {
    URI endpoint() throws IOException;
  }

  /** A server that was started, or the reason why it was not, which stays the same. */
  private static final class Server {
    private final Start start;
    private @Nullable URI endpoint;
    private @Nullable IOException failure;

    Server(Start start) {
      this.start = start;
    }

    synchronized URI endpoint() {
      if (endpoint != null) {
        return endpoint;
      }
      if (failure == null) {
        try {
          endpoint = start.endpoint();
          return endpoint;
        } catch (IOException e) {
          failure = e;
          System.err.println(message(e));
        }
      }
      throw missing(failure);
    }

    private static RuntimeException missing(IOException failure) {
      return AwsServers.missing(message(failure), failure);
    }

    private static String message(IOException failure) {
      return "Cannot start the AWS emulator: " + failure.getMessage();
    }
  }

  /** Skips the test; on a CI server, where a skip goes unnoticed, fails it. */
  static RuntimeException missing(String message, Exception failure) {
    if (isOnCiServer(System.getenv("CI"))) {
      return new IllegalStateException(message, failure);
    }
    return Assumptions.abort(message);
  }

  /**
   * Returns true if the value of the environment variable {@code CI} states a CI server.
   *
   * @param value the value, or null
   */
  static boolean isOnCiServer(@Nullable String value) {
    return value != null && !NOT_A_CI_SERVER.contains(value.strip().toLowerCase(Locale.ROOT));
  }
}
