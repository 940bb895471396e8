package io.meshwork.cli.internal.upkeep;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.TokenFile;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.interchange.PrometheusExport;
import io.meshwork.portal.PortalServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the portal of a mesh on this machine until the process is interrupted. */
@Command(
    name = "serve",
    description = {
      "Serves the mesh as a site on 127.0.0.1 until it is interrupted. It only shows, unless"
          + " --allow-actions is added.",
      "/metrics has the metrics of 'emit prometheus', for collectors that send the token."
    })
public final class ServeVerb extends MeshVerb {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The port. Default: one that is free")
  private int port;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The token of the address; a missing file is created, for its owner only")
  private @Nullable Path tokenFile;

  @Option(
      names = "--allow-actions",
      description =
          "The pages have forms: approve and deny requests, and answer rollouts, as --as. Not with"
              + " --token-file")
  private boolean actions;

  @Override
  protected boolean needsIdentity() {
    return actions;
  }

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if (port < 0 || port > 65_535) {
      throw new UsageException("--port is a number from 1 to 65535, or 0 for one that is free.");
    }
    if (actions && tokenFile != null) {
      throw new UsageException(
          "Collectors that read --token-file would decide as you. Serve metrics without"
              + " --allow-actions, and run 'mesh serve --allow-actions' beside it.");
    }
    PortalServer.Setup setup =
        PortalServer.of(client)
            .port(port)
            .metrics(PrometheusExport.CONTENT_TYPE, PrometheusExport.of(client)::asText);
    if (tokenFile != null) {
      setup.token(TokenFile.readOrCreate(tokenFile));
    }
    if (actions) {
      setup.allowActions();
    }
    try (PortalServer server = setup.start()) {
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

  @Override
  protected String interruption() {
    return actions ? "What was decided on its pages stays." : "Nothing was changed.";
  }
}
