package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.file.ValueFile;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Erase.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Erases rows of a product from all its files, and prints the proof. */
@Command(
    name = "erase",
    description = "Erases rows from all files now, with a proof.",
    exitCodeList = {
      "11:Something that the message names stands in the way. Run it again with the same --key."
    })
public final class EraseVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @SuppressWarnings("UnusedVariable") // picocli requires the option
  @Option(
      names = "--now",
      required = true,
      description = "Deletes every file with the rows; they cannot be restored")
  private boolean now;

  @Option(
      names = "--where",
      paramLabel = "FILTER",
      description = "Which rows, such as \"customerId = 17\"")
  private @Nullable FilterText where;

  @Option(
      names = "--where-values",
      paramLabel = "COLUMN=FILE",
      description = "Rows whose column has one of the values in the file, one in each line")
  private @Nullable List<String> values;

  @Option(
      names = "--where-in",
      paramLabel = "MAJOR=FILTER",
      description = "Which rows of another major version, if its columns differ; repeatable")
  private @Nullable Map<Integer, FilterText> others;

  @Option(
      names = "--because",
      required = true,
      paramLabel = "REASON",
      description = "For the log; without names of persons")
  private String because;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The same key continues an erasure that failed")
  private @Nullable String key;

  @Option(
      names = "--not-waiting",
      description = "Deletes snapshots although readers or mirrors need them")
  private boolean notWaiting;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Erase erasure = client.erase(product).because(because);
    if (where != null && values == null) {
      erasure.where(where.text());
    } else if (where == null && values != null) {
      ValueFile file = ValueFile.read(values, client, product, shell().in());
      erasure.whereIn(file.column(), file.values());
    } else {
      throw new UsageException("Name the rows with --where or --where-values.");
    }
    if (others != null) {
      others.forEach((major, filter) -> erasure.where(major, filter.text()));
    }
    if (key != null) {
      erasure.idempotencyKey(key);
    }
    Erase.WithProof proven = erasure.withProof();
    if (notWaiting) {
      proven.ignoreReaders();
    }
    return planning.answer(proven, EraseVerb::erased);
  }

  private static VerbAnswer erased(Proof proof) {
    ObjectNode document = VerbAnswer.newDocument("erased");
    document.put("product", proof.product().toString()).put("key", proof.idempotencyKey());
    proof.publishIds().forEach(document.putArray("publishIds")::add);
    document
        .putObject("counts")
        .put("rowsErased", proof.rowsErased())
        .put("quarantinedRowsErased", proof.quarantinedRowsErased())
        .put("snapshotsExpired", proof.snapshotsExpired())
        .put("filesDeleted", proof.filesDeleted())
        .put("filesRead", proof.filesRead())
        .put("rowsRead", proof.rowsRead());
    proof.readersPassed().forEach(document.putArray("readersPassed")::add);
    proof.outOfReach().forEach(document.putArray("outOfReach")::add);
    document.put("provedAt", JsonFields.time(proof.provedAt()));
    List<String> lines = new ArrayList<>();
    lines.add(
        "Erased rows: "
            + proof.rowsErased()
            + (proof.quarantinedRowsErased() == 0
                ? ""
                : ", from quarantines: " + proof.quarantinedRowsErased())
            + ". At "
            + proof.provedAt()
            + ", no retained file contained such a row; rows read: "
            + proof.rowsRead()
            + ", files: "
            + proof.filesRead()
            + ".");
    lines.addAll(proof.readersPassed());
    lines.addAll(proof.outOfReach());
    return VerbAnswer.change(document, lines.toArray(String[]::new));
  }

  @Override
  protected String interruption() {
    return "Some snapshots or files may be gone already. Run it again with the same --key "
        + "to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
