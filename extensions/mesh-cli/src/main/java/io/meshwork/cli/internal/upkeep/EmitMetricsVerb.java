package io.meshwork.cli.internal.upkeep;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.file.TargetFile;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.interchange.PrometheusExport;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the health of all products as metrics. */
@Command(
    name = "prometheus",
    description = "Prints the health of all products as metrics of Prometheus.")
final class EmitMetricsVerb extends MeshVerb {
  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Replaces a file of the textfile collector, whose name ends with .prom")
  private @Nullable Path file;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    String text =
        "# Asked as "
            + client.principal()
            + ", whose rights decide which states it sees.\n"
            + PrometheusExport.of(client).asText();
    if (file != null) {
      AtomicFile.writeText(file, text);
      return VerbAnswer.question(
          VerbAnswer.newDocument().put("file", file.toString()),
          List.of("The metrics are in " + file + "."));
    }
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("prometheus", text), text.lines().toList());
  }

  @Override
  protected String interruption() {
    return file == null ? super.interruption() : TargetFile.whenStopped(file) + " Run it again.";
  }
}
