package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.file.ValueFile;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.consume.Read;
import io.meshwork.product.Snapshot;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of what to read. */
final class ReadOptions {
  @Option(
      names = "--columns",
      paramLabel = "COLUMN,…",
      description = "These columns only. Default: all that you may read")
  private @Nullable List<String> columns;

  @Option(
      names = "--where",
      paramLabel = "FILTER",
      description = "These rows only, such as \"amount > 10\"")
  private @Nullable FilterText where;

  @Option(
      names = "--where-values",
      paramLabel = "COLUMN=FILE",
      description = "Rows whose column has one of the values in the file, one in each line")
  private @Nullable List<String> values;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "Reads what was current at this date or time")
  private @Nullable String asOf;

  @Option(
      names = "--snapshot",
      paramLabel = "ID",
      description = "Reads this snapshot, as 'mesh history' prints it. Default: the current one")
  private @Nullable String snapshot;

  @Option(
      names = "--major",
      paramLabel = "N",
      description = "The major version. Default: the current one")
  private @Nullable Integer major;

  @Option(
      names = "--limit",
      paramLabel = "ROWS",
      description = "The most rows. Default: 20 for 'mesh read', all for 'mesh export'")
  private @Nullable Long limit;

  Read<Map<String, Object>> of(
      MeshClient client, String product, InputStream in, long limitIfNone) {
    return on(client.read(product).asMaps(), client, product, in, limitIfNone);
  }

  /** Returns how many rows there are; empty if a filter decides that. */
  OptionalLong total(Optional<Snapshot> snapshot) {
    OptionalLong rows =
        where != null || values != null
            ? OptionalLong.empty()
            : snapshot.map(Snapshot::rows).orElse(OptionalLong.empty());
    return rows.isEmpty() || limit == null
        ? rows
        : OptionalLong.of(Math.min(limit, rows.getAsLong()));
  }

  /** Returns how many rows are shown. */
  long limit(long ifNone) {
    return limit == null ? ifNone : limit;
  }

  /**
   * Sets the options of a read.
   *
   * @param in standard input
   */
  <T> Read<T> on(
      Read.OfProduct<T> whole,
      MeshClient client,
      String product,
      InputStream in,
      long limitIfNone) {
    Read.OfProduct<T> read = whole;
    if (columns != null) {
      read = read.columns(OptionTexts.elements(columns));
    }
    if (where != null) {
      read = read.where(where.text());
    }
    if (values != null) {
      if (where != null) {
        throw new UsageException("Give --where or --where-values, not both.");
      }
      ValueFile file = ValueFile.read(values, client, product, in);
      read = read.whereIn(file.column(), file.values());
    }
    if (asOf != null) {
      read = read.asOf(OptionTexts.time(asOf));
    }
    if (snapshot != null) {
      read = read.snapshot(snapshot);
    }
    if (major != null) {
      read = read.majorVersion(major);
    }
    if (limit != null || limitIfNone > 0) {
      read = read.limit(limit == null ? limitIfNone : limit);
    }
    return read;
  }
}
