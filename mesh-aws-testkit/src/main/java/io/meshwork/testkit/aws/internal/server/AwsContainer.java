package io.meshwork.testkit.aws.internal.server;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  static String image() {
    return System.getProperty(IMAGE, MOTO);
  }

  /**
   * Returns why no container can start on this machine, in a sentence with what to do; empty if
   * Docker runs.
   */
  static Optional<String> obstacle() {
    if (!isOnClassPath()) {
      return Optional.of(
          "Testcontainers is not on the class path. Add org.testcontainers:testcontainers, or"
              + " remove the property.");
    }
    if (!Containers.dockerRuns()) {
      return Optional.of("Docker does not run. Start Docker, or remove the property.");
    }
    return Optional.empty();
  }

  /**
   * Starts the container and returns its endpoint. To be called without an {@link #obstacle}.
   *
   * @throws IOException if LocalStack's token is missing, or the container does not start
   */
  static URI start() throws IOException {
    String image = image();
    Map<String, String> environment = environment(image, System.getenv(TOKEN));
    return Containers.start(
        image, isLocalStack(image) ? PORT_OF_LOCAL_STACK : PORT_OF_MOTO, environment);
  }

  /**
   * Returns the environment of the container.
   *
   * @param token LocalStack's token, or null
   * @throws IOException if the image needs the token and it is missing
   */
  static Map<String, String> environment(String image, @Nullable String token) throws IOException {
    if (!isLocalStack(image)) {
      return Map.of();
    }
    if (token == null || token.isBlank()) {
      throw new IOException(
          "the image '"
              + image
              + "' needs a token. Set the environment variable "
              + TOKEN
              + ", or remove -D"
              + IMAGE
              + " to use moto.");
    }
    return Map.of(TOKEN, token);
  }

  private static boolean isLocalStack(String image) {
    return image.contains("localstack");
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
    static boolean dockerRuns() {
      return DockerClientFactory.instance().isDockerAvailable();
    }

    static URI start(String image, int port, Map<String, String> environment) throws IOException {
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
