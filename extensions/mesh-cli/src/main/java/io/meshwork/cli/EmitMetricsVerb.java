package io.meshwork.cli;

import io.meshwork.MeshClient;
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
  VerbAnswer answer(MeshClient client) {
    PrometheusExport export = PrometheusExport.of(client);
    if (file != null) {
      export.writeTo(file);
      return VerbAnswer.question(
          VerbAnswer.newDocument().put("file", file.toString()),
          List.of("The metrics are in " + file + "."));
    }
    String text = export.asText();
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("prometheus", text), text.lines().toList());
  }
}
