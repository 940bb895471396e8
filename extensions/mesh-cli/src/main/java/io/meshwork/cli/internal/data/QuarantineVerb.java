package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Read.WaitingRows;
import io.meshwork.consume.Read.WaitingRows.WaitingRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the quarantined rows of a product. */
@Command(
    name = "quarantine",
    description = "Shows quarantined rows with their rules and reasons. For the owner.")
public final class QuarantineVerb extends MeshVerb {
  private static final List<String> COLUMNS =
      List.of("publish", "row_number", "rules", "reason", "row", "quarantined_at");

  private static final List<String> WITH_MAJOR =
      Stream.concat(Stream.of("major"), COLUMNS.stream()).toList();

  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--where",
      paramLabel = "FILTER",
      description = "These rows only, such as \"rules LIKE '%%between.amount%%'\"")
  private @Nullable FilterText where;

  @Option(
      names = "--limit",
      paramLabel = "ROWS",
      defaultValue = "20",
      description = "The most rows to show. Default: 20")
  private long limit;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "The rows of this major version only. Default: of all that have rows")
  private @Nullable Integer major;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    WaitingRows query = client.waitingRows(product).limit(RowTable.andOneMore(limit));
    if (where != null) {
      query.where(where.text());
    }
    if (major != null) {
      query.majorVersion(major);
    }
    List<WaitingRow> waiting = query.rows();
    boolean several = waiting.stream().flatMap(row -> row.majors().stream()).distinct().count() > 1;
    VerbAnswer answer =
        RowTable.answer(
            VerbAnswer.newDocument().put("product", product),
            several ? WITH_MAJOR : COLUMNS,
            waiting.stream().map(QuarantineVerb::values).iterator(),
            limit,
            empty(),
            width());
    return VerbAnswer.question(
        answer.document(),
        table(waiting.subList(0, answer.document().get("rows").size()), several));
  }

  private String empty() {
    return where == null && major == null
        ? "No row of " + product + " is quarantined."
        : "The quarantine has no such rows.";
  }

  private static Map<String, Object> values(WaitingRow row) {
    return Map.of(
        "major", majors(row),
        "publish", row.publishId(),
        "row_number", row.rowNumber(),
        "rules", row.rules(),
        "reason", row.reason() + row.place().map(place -> " (" + place + ")").orElse(""),
        "row", row.row(),
        "quarantined_at", row.quarantinedAt());
  }

  private static String majors(WaitingRow row) {
    return row.majors().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** Returns first what a person corrects: where the row is, what is wrong, and its values. */
  private List<String> table(List<WaitingRow> rows, boolean hasVersions) {
    TextTable table =
        hasVersions
            ? new TextTable("PLACE", "VERSION", "VALUE", "WHY", "ROW")
            : new TextTable("PLACE", "VALUE", "WHY", "ROW");
    for (WaitingRow row : rows) {
      QuarantinedRow quarantined = QuarantinedRow.of(row);
      List<Object> cells = new ArrayList<>();
      cells.add(quarantined.place());
      if (hasVersions) {
        cells.add(majors(row));
      }
      cells.add(RowTable.cut(quarantined.value()));
      cells.add(quarantined.why());
      cells.add(RowTable.cut(row.row()));
      table.row(cells.toArray());
    }
    return table.lines(empty(), width());
  }

  @Override
  protected void afterwards(VerbAnswer answer) {
    if (answer.document().get("more").asBoolean() && !root().asJson()) {
      shell().complain("There are more rows: --limit ROWS shows more.");
    }
    if (!answer.document().get("rows").isEmpty() && !root().asJson()) {
      shell().complain("--json shows whole rows, their publishes, and times.");
    }
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
