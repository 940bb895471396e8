package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.file.ContractText;
import io.meshwork.cli.internal.file.DetectedFormat;
import io.meshwork.cli.internal.file.InputFile;
import io.meshwork.cli.internal.file.TargetFile;
import io.meshwork.cli.internal.file.TextOptions;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.contract.Contract;
import io.meshwork.odcs.ContractProposal;
import io.meshwork.publish.Publish.FileFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Proposes a contract for the rows of a file. */
@Command(
    name = "propose",
    description =
        "Prints a contract for a .csv, .json, or .parquet file, as ODCS or Java; also for .csv.gz.")
final class ProductProposeVerb extends MeshVerb {
  @Parameters(
      paramLabel = "FILE",
      description = ".csv, .jsonl, or .parquet, text also as .gz; - is standard input")
  private String file;

  @Option(names = "--java", description = "Prints Java instead of ODCS")
  private boolean java;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Writes it to a file in UTF-8 instead, whatever the encoding of the terminal")
  private @Nullable Path target;

  @Option(
      names = "--product",
      paramLabel = "PRODUCT",
      description =
          "Prints the contract of this product instead, with the new columns of FILE as optional"
              + " ones")
  private @Nullable String product;

  @Option(names = "--overwrite", description = "Replaces the file of --to if it exists")
  private boolean overwrite;

  @Mixin private TextOptions written;

  @Override
  protected VerbAnswer answer() {
    requireNew();
    if (product != null && java) {
      throw new UsageException("Use --product, whose contract is not Java, or --java, not both.");
    }
    return product == null ? proposed(null) : super.answer();
  }

  private void requireNew() {
    if (target != null && !overwrite && Files.isRegularFile(target)) {
      throw new UsageException(
          target + " exists, and may have edits. Name another file with --to, or add --overwrite.");
    }
  }

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return proposed(client.describe(Objects.requireNonNull(product)));
  }

  private VerbAnswer proposed(@Nullable ProductCard card) {
    ContractProposal proposal;
    String readAs;
    try (InputFile input = InputFile.of(file, 1, shell().in())) {
      Optional<DetectedFormat> detected = written.hasFormat() ? Optional.empty() : input.detected();
      Optional<FileFormat> format = detected.map(DetectedFormat::format);
      proposal =
          ProgressLine.during(
              shell(), progress -> input.following(progress, () -> proposal(input.path(), format)));
      readAs =
          Stream.concat(
                  detected.map(DetectedFormat::text).stream(),
                  Stream.of(proposal.readAs()).filter(form -> !form.isEmpty()))
              .collect(Collectors.joining(", "));
    }
    if (!readAs.isEmpty()) {
      shell().complain("Read as " + readAs + ".");
    }
    complain(proposal);
    String text =
        card != null
            ? withNewColumns(card, proposal)
            : java ? proposal.asJava() : proposal.asYaml();
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
    if (!readAs.isEmpty()) {
      document.put("readAs", readAs);
    }
    document.put("skippedRows", proposal.skippedRows());
    proposal.skipped().forEach(document.putArray("skipped")::add);
    notes(proposal).forEach(document.putArray("notes")::add);
    if (target == null) {
      return VerbAnswer.question(document, text.lines().toList());
    }
    requireNew();
    AtomicFile.writeText(target, text);
    return VerbAnswer.question(document, List.of("The contract is written to " + target + "."));
  }

  /** Returns the contract of a product, with the columns of the file that it lacks. */
  private String withNewColumns(ProductCard card, ContractProposal proposal) {
    Contract current = card.contract();
    Contract next = current.addColumns(proposal.contract());
    List<String> added =
        next.schema().getFields().stream()
            .map(Schema.Field::name)
            .filter(column -> current.schema().getField(column) == null)
            .toList();
    shell()
        .complain(
            added.isEmpty()
                ? "The file has no new column."
                : "New and optional: " + String.join(", ", added) + ".");
    return ContractText.ofNext(card, next).text();
  }

  private ContractProposal proposal(Path path, Optional<FileFormat> detected) {
    FileFormat format = written.format(file, detected);
    if (format == null || (detected.isPresent() && format.equals(FileFormat.avro()))) {
      return ContractProposal.from(path);
    } else if (format instanceof FileFormat.Csv csv) {
      return ContractProposal.fromCsv(path, csv);
    }
    return format instanceof FileFormat.Text
        ? ContractProposal.fromJson(path)
        : ContractProposal.fromParquet(path);
  }

  private static List<String> notes(ContractProposal proposal) {
    return proposal.notes().stream().map(TerminalText::of).toList();
  }

  /** Says on standard error what is not in the contract. */
  private void complain(ContractProposal proposal) {
    long skipped = proposal.skippedRows();
    if (skipped > 0) {
      shell()
          .complain(
              "Skipped "
                  + Count.of(skipped, "line")
                  + " of "
                  + (proposal.rows() + skipped)
                  + ", which a publish would find to be bad:");
      proposal.skipped().forEach(line -> shell().complain("  " + line));
      if (proposal.skipped().size() < skipped) {
        shell().complain("  and " + (skipped - proposal.skipped().size()) + " more");
      }
    }
    for (String note : notes(proposal)) {
      shell().complain("Note: " + note);
    }
    for (ContractProposal.Evidence fact : proposal.evidence()) {
      if (fact.about().equals("confidential")) {
        shell().complain("Column " + fact.column() + " is CONFIDENTIAL: " + fact.fact() + ".");
      }
    }
  }

  @Override
  protected String interruption() {
    return target == null
        ? super.interruption()
        : TargetFile.whenStopped(target) + " Run it again.";
  }
}
