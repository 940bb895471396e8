package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials;
import io.meshwork.error.MeshException;
import io.meshwork.meter.Meters;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.Test;

/** A mesh closes the ports of its principals, each once. */
class PrincipalPortsTest {
  private static final Principal SELF = Principal.of("commerce", "etl");
  private static final Principal OTHER = Principal.of("commerce", "nightly");

  private final List<String> closed = new ArrayList<>();
  private final Registry registry = InMemoryMesh.registry();
  private final FileIO files = InMemoryMesh.files();
  private Runnable whileOpening = () -> {};

  @Test
  void thePortsOfAPrincipalAreClosedWithTheMesh() {
    Mesh mesh = open();
    mesh.clientAs(OTHER);

    mesh.close();
    mesh.close();

    assertThat(closed).containsExactly("files of nightly", "registry of nightly", "credentials");
  }

  @Test
  void portsThatAreOpenedWhileTheMeshClosesAreClosed() {
    Mesh mesh = open();
    whileOpening = mesh::close;

    assertThatThrownBy(() -> mesh.clientAs(OTHER).products()).isInstanceOf(MeshException.class);

    assertThat(closed).containsExactly("credentials", "files of nightly", "registry of nightly");
  }

  @Test
  void aBuilderThatIsNotOpenedOpensNothing() {
    List<InstantSource> clocks = new ArrayList<>();
    List<Meters> meters = new ArrayList<>();
    ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
    Mesh.Builder builder =
        Mesh.builder(
                (time, port) -> {
                  clocks.add(time);
                  meters.add(port);
                  return new Credentials();
                },
                "memory:/mesh")
            .clock(clock)
            .meters(Meters.none());
    assertThat(clocks).isEmpty();

    Mesh mesh = builder.open();
    assertThat(mesh.client().principal()).isEqualTo(SELF);
    assertThat(clocks).containsExactly(clock);
    assertThat(meters).containsExactly(Meters.none());

    mesh.close();
    assertThat(closed).containsExactly("files of etl", "registry of etl", "credentials");
  }

  @Test
  void credentialsWithoutPortsAreClosed() {
    whileOpening =
        () -> {
          throw new IllegalStateException("denied");
        };

    assertThatThrownBy(
            () -> Mesh.builder((clock, meters) -> new Credentials(), "memory:/mesh").open())
        .hasMessage("denied");

    assertThat(closed).containsExactly("credentials");
  }

  @Test
  void aMeshThatIsNotOpenedClosesItsPorts() {
    assertThatThrownBy(
            () ->
                Mesh.builder((clock, meters) -> new Credentials(), "memory:/mesh")
                    .testing()
                    .wrapRegistry(
                        registry ->
                            Faults.seeded(1)
                                .on(Faults.Port.REGISTRY_READ)
                                .failBefore()
                                .registry(registry))
                    .deadline(Duration.ofMillis(1))
                    .open())
        .isInstanceOf(MeshException.class);

    assertThat(closed).containsExactly("files of etl", "registry of etl", "credentials");
  }

  @Test
  void aWrapperThatFailsClosesThePorts() {
    assertThatThrownBy(
            () ->
                Mesh.builder((clock, meters) -> new Credentials(), "memory:/mesh")
                    .testing()
                    .wrapRegistry(registry -> fail())
                    .open())
        .hasMessage("no wrapper");

    assertThat(closed).containsExactly("files of etl", "registry of etl", "credentials");
  }

  @Test
  void aWrapperThatFailsClosesTheCredentialsOfABuilder() {
    assertThatThrownBy(
            () ->
                Mesh.builder(registry, files, "memory:/mesh", new Credentials())
                    .testing()
                    .wrapFiles(files -> fail())
                    .open())
        .hasMessage("no wrapper");

    assertThat(closed).containsExactly("credentials");
  }

  private static <T> T fail() {
    throw new IllegalStateException("no wrapper");
  }

  private Mesh open() {
    return Mesh.builder(registry, files, "memory:/mesh", new Credentials()).open();
  }

  /** Returns a port that records when it is closed. */
  private <T> T recording(Class<T> type, T port, String name) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals("close")) {
                closed.add(name);
                return null;
              }
              try {
                return method.invoke(port, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  /** Opens ports on the stores of the mesh. */
  private final class Credentials implements PrincipalCredentials {
    @Override
    public Principal self() {
      return SELF;
    }

    @Override
    public Ports as(Principal principal) {
      whileOpening.run();
      return new Ports(
          recording(Registry.class, registry, "registry of " + principal.role()),
          recording(FileIO.class, files, "files of " + principal.role()),
          catalog -> InMemoryMesh.registry());
    }

    @Override
    public void close() {
      closed.add("credentials");
    }
  }
}
