package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The constructor of a public record is API. A wide value is therefore an interface, or a record
 * whose components are grouped.
 */
class PublicRecordsTest {
  private static final int MOST_COMPONENTS = 7;

  /** Such as {@code io.meshwork.product.Snapshot: public record Snapshot}. */
  private static final Pattern RECORD = Pattern.compile("([\\w.]+): public record (\\w+)\\b.*");

  /** Type arguments without others inside, whose commas separate no parameters. */
  private static final Pattern TYPE_ARGUMENTS = Pattern.compile("<[^<>]*>");

  @Test
  void noPublicRecordIsWide() throws IOException {
    Map<String, Integer> components = components();

    assertThat(components).as("public records").hasSizeGreaterThan(50);
    components.values().removeIf(count -> count <= MOST_COMPONENTS);
    assertThat(components).as("records with more than %d components", MOST_COMPONENTS).isEmpty();
  }

  /** The number of components of each public record, from docs/api. */
  private static Map<String, Integer> components() throws IOException {
    Set<String> lines = new TreeSet<>();
    try (Stream<Path> texts = Files.list(SourceTree.root().resolve("docs/api"))) {
      for (Path text : texts.toList()) {
        lines.addAll(Files.readAllLines(text));
      }
    }
    Map<String, Integer> components = new TreeMap<>();
    for (String line : lines) {
      Matcher matcher = RECORD.matcher(line);
      if (matcher.matches()) {
        String constructor = matcher.group(1) + ": public " + matcher.group(2) + "(";
        lines.stream()
            .filter(each -> each.startsWith(constructor))
            .map(each -> parameters(each.substring(constructor.length(), each.lastIndexOf(')'))))
            .forEach(count -> components.merge(matcher.group(1), count, Math::max));
      }
    }
    return components;
  }

  private static int parameters(String text) {
    String bare = text;
    while (TYPE_ARGUMENTS.matcher(bare).find()) {
      bare = TYPE_ARGUMENTS.matcher(bare).replaceAll("");
    }
    return bare.isBlank() ? 0 : List.of(bare.split(",", -1)).size();
  }
}
