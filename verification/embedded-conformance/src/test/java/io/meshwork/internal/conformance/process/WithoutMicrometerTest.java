package io.meshwork.internal.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Micrometer is optional. Publishes and reads work without it. */
class WithoutMicrometerTest {
  private static final String MICROMETER = "io.micrometer.core.instrument.MeterRegistry";

  /** Runs with a separate class path. */
  public static final class PublishAndRead implements Callable<Object> {
    @Override
    public Object call() {
      try (Mesh mesh = InMemoryMesh.open()) {
        MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
        shop.registerDomain("commerce").owner("shop@example.org").commit();
        shop.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
        shop.publish("commerce/orders").records(Order.range(0, 3)).commit();
        return MeshFixture.all(shop.read("commerce/orders").as(Order.class)).size();
      }
    }
  }

  @Test
  void aMeshWorksWithoutMicrometerOnTheClassPath() throws Exception {
    assertThat(Class.forName(MICROMETER))
        .as("Micrometer is on the class path of tests")
        .isNotNull();
    try (URLClassLoader loader =
        new URLClassLoader(withoutMicrometer(), ClassLoader.getPlatformClassLoader())) {
      assertThatThrownBy(() -> loader.loadClass(MICROMETER))
          .isInstanceOf(ClassNotFoundException.class);

      Callable<?> program =
          (Callable<?>)
              loader
                  .loadClass(PublishAndRead.class.getName())
                  .getDeclaredConstructor()
                  .newInstance();

      assertThat(program.call()).isEqualTo(3);
    }
  }

  private static URL[] withoutMicrometer() throws MalformedURLException {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("micrometer")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(URL[]::new);
  }
}
