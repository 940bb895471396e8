package io.meshwork.cli.internal.file;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.consume.Rows;
import io.meshwork.publish.Publish;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.generic.GenericRecord;

/**
 * How rows become those of another major version, as an option says: {@code N:COLUMN=OTHER,…}.
 *
 * @param major the other major version
 * @param sources the column of the offered rows, or a text in single quotes, for each column of the
 *     other version that does not have its own name there
 */
public record MajorColumns(int major, Map<String, String> sources) {
  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(?::(.+))?");

  /**
   * Parses the value of an option.
   *
   * @throws UsageException if it has another form
   */
  public static MajorColumns parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw wrong(text);
    }
    Map<String, String> sources = new LinkedHashMap<>();
    String pairs = Optional.ofNullable(parts.group(2)).orElse("");
    for (String pair : pairs.isEmpty() ? new String[0] : pairs.split(",", -1)) {
      int end = pair.indexOf('=');
      if (end < 1 || sources.putIfAbsent(pair.substring(0, end), pair.substring(end + 1)) != null) {
        throw wrong(text);
      }
    }
    return new MajorColumns(Integer.parseInt(parts.group(1)), sources);
  }

  private static UsageException wrong(String text) {
    return new UsageException(
        "Another major version is N, or N:COLUMN=OTHER,… with each COLUMN once, not " + text + ".");
  }

  /**
   * Maps the rows of a publish.
   *
   * @throws UsageException if the other version lacks a column
   */
  public void addTo(Publish<GenericRecord> publish, MeshClient client, String product) {
    publish.alsoTo(major, mapping(client, product)::of);
  }

  /**
   * Maps rows that are maps, such as quarantined ones.
   *
   * @throws UsageException if the other version lacks a column
   */
  public void addToMaps(
      Publish.StoredRows<Map<String, Object>> publish, MeshClient client, String product) {
    publish.alsoTo(major, mapping(client, product)::ofMap);
  }

  private RowMapping mapping(MeshClient client, String product) {
    List<String> columns = checkedColumns(client, product);
    Map<String, String> renamed = new LinkedHashMap<>();
    for (Rollout<?> each : client.rollouts(product)) {
      if (each instanceof MajorRollout rollout && !rollout.state().isEnded()) {
        rollout
            .renamedColumns()
            .forEach(
                (old, now) -> {
                  if (rollout.to() == major) {
                    renamed.put(now, old);
                  } else if (rollout.from() == major) {
                    renamed.put(old, now);
                  }
                });
      }
    }
    Map<String, String> named = new LinkedHashMap<>(sources);
    Map<String, RowMapping.Constant> texts = new LinkedHashMap<>();
    sources.forEach(
        (column, source) -> {
          if (source.length() > 1 && source.startsWith("'") && source.endsWith("'")) {
            named.remove(column);
            texts.put(column, RowMapping.Constant.text(source.substring(1, source.length() - 1)));
          }
        });
    return new RowMapping(columns, named, renamed, texts);
  }

  private List<String> checkedColumns(MeshClient client, String product) {
    List<String> columns = columns(client, product);
    for (String column : sources.keySet()) {
      if (!columns.contains(column)) {
        throw new UsageException(
            "Major version " + major + " has no column '" + column + "', but " + columns + ".");
      }
    }
    return columns;
  }

  private List<String> columns(MeshClient client, String product) {
    try (Rows<GenericRecord> rows = client.read(product).majorVersion(major).limit(1).rows()) {
      return rows.columns();
    }
  }
}
