package io.meshwork.testkit.aws;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * A server of AWS's services in a container: moto, or LocalStack if {@code -Dmesh.docker.image}
 * names its image. Testcontainers, which starts it and removes it after this JVM, is an optional
 * dependency.
 */
final class AwsContainer {
  private static final String IMAGE = "mesh.docker.image";
  private static final String MOTO = "motoserver/moto:5.2.1";
  private static final int PORT_OF_MOTO = 5000;
  private static final int PORT_OF_LOCAL_STACK = 4566;
  private static final String TOKEN = "LOCALSTACK_AUTH_TOKEN";
  private static final String TESTCONTAINERS = "org.testcontainers.containers.GenericContainer";

  private AwsContainer() {}

  /**
   * Starts the container and returns its endpoint.
   *
   * @throws IOException if Testcontainers is not on the class path, LocalStack's token is missing,
   *     Docker does not run, or the container does not start
   */
  static URI start() throws IOException {
    String image = System.getProperty(IMAGE, MOTO);
    boolean isLocalStack = image.contains("localstack");
    String token = System.getenv(TOKEN);
    if (isLocalStack && (token == null || token.isBlank())) {
      throw new IOException(
          "the image '"
              + image
              + "' needs a token. Set the environment variable "
              + TOKEN
              + ", or remove -D"
              + IMAGE
              + " to use moto.");
    }
    if (!isOnClassPath()) {
      throw new IOException(
          "-Dmesh.docker=true needs Testcontainers, which is not on the class path. Add"
              + " org.testcontainers:testcontainers, or remove the property to use moto in Python.");
    }
    return isLocalStack
        ? Containers.start(image, PORT_OF_LOCAL_STACK, Map.of(TOKEN, token))
        : Containers.start(image, PORT_OF_MOTO, Map.of());
  }

  private static boolean isOnClassPath() {
    try {
      Class.forName(TESTCONTAINERS, false, AwsContainer.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** All calls of Testcontainers, in a class that is loaded only if Testcontainers is there. */
  private static final class Containers {
    static URI start(String image, int port, Map<String, String> environment) throws IOException {
      if (!DockerClientFactory.instance().isDockerAvailable()) {
        throw new IOException(
            "-Dmesh.docker=true is set, but Docker does not run. Start Docker, or remove the"
                + " property to use moto in Python.");
      }
      GenericContainer<?> container =
          new GenericContainer<>(DockerImageName.parse(image))
              .withExposedPorts(port)
              .withEnv(environment)
              .waitingFor(Wait.forListeningPort());
      try {
        container.start();
        return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(port));
      } catch (RuntimeException e) {
        container.close();
        throw new IOException(
            "the container of '" + image + "' did not start in Docker: " + e.getMessage(), e);
      }
    }
  }
}
