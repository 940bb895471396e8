package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.file.InputFile;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.odcs.ContractProposal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proposes a contract for the rows of a file. */
@Command(
    name = "propose",
    description =
        "Prints a contract for a .csv, .json, or .parquet file, as ODCS or Java; also for .csv.gz.")
final class ProductProposeVerb extends MeshVerb {
  @Parameters(paramLabel = "FILE")
  private String file;

  @Option(names = "--java", description = "Prints Java instead of ODCS")
  private boolean java;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Writes it to a file in UTF-8 instead, whatever the encoding of the terminal")
  private @Nullable Path target;

  @Override
  protected VerbAnswer answer() {
    ContractProposal proposal;
    try (InputFile input = InputFile.of(file, 1, shell().in())) {
      proposal = ContractProposal.from(input.path());
    }
    String text = java ? proposal.asJava() : proposal.asYaml();
    ObjectNode document =
        VerbAnswer.newDocument().put("contract", text).put("rows", proposal.rows());
    ArrayNode evidence = document.putArray("evidence");
    for (ContractProposal.Evidence fact : proposal.evidence()) {
      evidence
          .addObject()
          .put("column", fact.column())
          .put("about", fact.about())
          .put("fact", fact.fact());
    }
    if (target == null) {
      return VerbAnswer.question(document, text.lines().toList());
    }
    AtomicFile.writeText(target, text);
    return VerbAnswer.question(document, List.of("The contract is written to " + target + "."));
  }
}
