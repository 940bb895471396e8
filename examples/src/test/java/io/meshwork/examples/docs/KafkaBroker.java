package io.meshwork.examples.docs;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Kafka broker in a process, which keeps its messages in a folder. */
final class KafkaBroker implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Process process;
  private final int port;

  private KafkaBroker(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it on a free port. Clients wait until it answers. */
  static KafkaBroker start(Path folder) throws IOException, InterruptedException {
    int port = freePort();
    int controller = freePort();
    Path settings = folder.resolve("server.properties");
    Files.writeString(
        settings,
        String.join(
            "\n",
            "process.roles=broker,controller",
            "node.id=1",
            "controller.quorum.bootstrap.servers=" + HOST + ":" + controller,
            "listeners=PLAINTEXT://"
                + HOST
                + ":"
                + port
                + ",CONTROLLER://"
                + HOST
                + ":"
                + controller,
            "controller.listener.names=CONTROLLER",
            "inter.broker.listener.name=PLAINTEXT",
            "log.dirs=" + folder.resolve("messages"),
            "offsets.topic.replication.factor=1",
            "offsets.topic.num.partitions=1",
            "group.initial.rebalance.delay.ms=0",
            "group.min.session.timeout.ms=500"));
    Path log = folder.resolve("broker.log");
    Process format =
        java(
            log,
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            "-t",
            "4L6g3nShT-eMCtK--X86sw",
            "-c",
            settings.toString());
    if (format.waitFor() != 0) {
      throw new IOException("the broker's folder cannot be formatted: " + Files.readString(log));
    }
    Process process = java(log, "kafka.Kafka", settings.toString());
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new KafkaBroker(process, port);
  }

  private static Process java(Path log, String... arguments) throws IOException {
    String jars = System.getProperty("mesh.kafka.dir", "../verification/kafka-broker/target/kafka");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            jars + "/*");
    builder.command().addAll(List.of(arguments));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(log.toFile()))
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return socket.getLocalPort();
    }
  }

  String address() {
    return HOST + ":" + port;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
