package io.meshwork.conformance;

import io.meshwork.conformance.RegistryConformance.Address;
import io.meshwork.conformance.RegistryConformance.Opener;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * A child JVM that increments a counter in a registry, which it opens by address. {@link #main} is
 * the entry point of the child.
 */
final class ChildCounter implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildCounter(Process process) {
    this.process = process;
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts a child with the class path of this JVM. Returns when the child has opened the registry.
   */
  static ChildCounter start(Address address, Key counter, int increments) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ChildCounter.class.getName(),
                address.opener().getName(),
                address.location(),
                counter.partition(),
                counter.sort(),
                Integer.toString(increments))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    ChildCounter child = new ChildCounter(process);
    child.expect("ready");
    return child;
  }

  /** Signals the child to start counting. */
  void go() throws IOException {
    try (OutputStream input = process.getOutputStream()) {
      input.write('\n');
    }
  }

  /** Waits until the child has finished counting. */
  void awaitSuccess() throws IOException, InterruptedException {
    expect("done");
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new AssertionError("The counting child did not end well: " + process);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void expect(String word) throws IOException {
    for (String line; (line = output.readLine()) != null; ) {
      if (line.equals(word)) {
        return;
      }
    }
    throw new AssertionError("The counting child ended before it printed '" + word + "'");
  }

  /** Runs the child. Arguments: opener, location, partition, sort key, and number of increments. */
  public static void main(String[] arguments) throws Exception {
    var constructor = Class.forName(arguments[0]).asSubclass(Opener.class).getDeclaredConstructor();
    constructor.setAccessible(true);
    try (Registry registry = constructor.newInstance().open(arguments[1])) {
      System.out.println("ready");
      if (System.in.read() < 0) {
        return;
      }
      IdGenerator ids = IdGenerator.secure(InstantSource.system());
      for (int n = Integer.parseInt(arguments[4]); n > 0; n--) {
        CounterClient.increment(registry, new Key(arguments[2], arguments[3]), ids);
      }
    }
    System.out.println("done");
  }
}
