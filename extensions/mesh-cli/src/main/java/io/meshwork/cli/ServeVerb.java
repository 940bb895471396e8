package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.portal.PortalServer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the portal of a mesh on this machine until the process is interrupted. */
@Command(
    name = "serve",
    description = "Serves the mesh as a site on 127.0.0.1, read-only, until it is interrupted.")
final class ServeVerb extends MeshVerb {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Default: one that is free")
  private int port;

  @Override
  VerbAnswer answer(MeshClient client) {
    if (port < 0 || port > 65_535) {
      throw new UsageException("--port is a number from 1 to 65535, or 0 for one that is free.");
    }
    try (PortalServer server = PortalServer.start(client, port)) {
      String address = server.address().toString();
      shell().out().println(address);
      shell().out().flush();
      untilInterrupted();
      return VerbAnswer.question(
          VerbAnswer.newDocument().put("served", address), List.of("The server has stopped."));
    }
  }

  private static void untilInterrupted() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
