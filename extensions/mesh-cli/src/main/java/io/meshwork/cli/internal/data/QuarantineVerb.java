package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the quarantined rows of a product. */
@Command(
    name = "quarantine",
    description = "Shows quarantined rows with their rules and reasons. For the owner.")
public final class QuarantineVerb extends MeshVerb {
  private static final String EMPTY = "The quarantine has no such rows.";

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

  /** A row, wherever it waits: a publish to several versions puts it into each quarantine. */
  private record RowId(@Nullable Object publish, @Nullable Object number) {}

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Map<RowId, Map<String, Object>> waiting = new LinkedHashMap<>();
    Map<RowId, Set<Integer>> versions = new LinkedHashMap<>();
    List<String> columns = new ArrayList<>();
    @Nullable InvalidRequestException refused = null;
    for (int each : major == null ? majors(client) : List.of(major)) {
      try (Rows<Map<String, Object>> rows = read(client, each).rows()) {
        if (columns.isEmpty()) {
          columns.addAll(rows.columns());
        }
        for (Map<String, Object> row : rows) {
          RowId id = new RowId(row.get("publish"), row.get("row_number"));
          waiting.putIfAbsent(id, row);
          versions.computeIfAbsent(id, none -> new LinkedHashSet<>()).add(each);
        }
      } catch (InvalidRequestException e) {
        refused = e; // the filter may name a rule of another version
      } catch (NotFoundException e) {
        if (major != null) {
          throw e;
        } // it is aborted or purged
      }
    }
    if (columns.isEmpty() && refused != null) {
      throw refused;
    }
    boolean several = versions.values().stream().flatMap(Set::stream).distinct().count() > 1;
    if (several) {
      columns.add(0, "major");
      waiting.replaceAll(
          (id, row) -> {
            Map<String, Object> shown = new LinkedHashMap<>(row);
            shown.put(
                "major",
                Objects.requireNonNull(versions.get(id)).stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(", ")));
            return shown;
          });
    }
    VerbAnswer answer =
        RowTable.answer(
            VerbAnswer.newDocument().put("product", product),
            columns,
            waiting.values().iterator(),
            limit,
            EMPTY,
            width());
    return VerbAnswer.question(answer.document(), table(answer.document(), several));
  }

  private Read<Map<String, Object>> read(MeshClient client, int version) {
    Read<Map<String, Object>> read =
        client.quarantine(product).majorVersion(version).asMaps().limit(RowTable.andOneMore(limit));
    return where == null ? read : read.where(where.text());
  }

  /** Returns the major versions that may have quarantined rows, newest first. */
  private List<Integer> majors(MeshClient client) {
    int newest =
        client.describe(product).versions().stream()
            .mapToInt(version -> version.version().major())
            .max()
            .orElseThrow();
    // A rollout may have quarantined rows of the next version, which is not live yet.
    return IntStream.iterate(newest + 1, each -> each > 0, each -> each - 1).boxed().toList();
  }

  /** Returns first what a person corrects: where the row is, what is wrong, and its values. */
  private List<String> table(ObjectNode document, boolean hasVersions) {
    TextTable table =
        hasVersions
            ? new TextTable("PLACE", "VERSION", "VALUE", "WHY", "ROW")
            : new TextTable("PLACE", "VALUE", "WHY", "ROW");
    for (JsonNode row : document.get("rows")) {
      QuarantinedRow quarantined = QuarantinedRow.of(row);
      List<Object> cells = new ArrayList<>();
      cells.add(quarantined.place());
      if (hasVersions) {
        cells.add(row.path("major").asText());
      }
      cells.add(RowTable.cut(quarantined.value()));
      cells.add(quarantined.why());
      cells.add(RowTable.cut(row.path("row").asText()));
      table.row(cells.toArray());
    }
    return table.lines(EMPTY, width());
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
