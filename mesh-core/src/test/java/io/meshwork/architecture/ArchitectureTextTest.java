package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The walks through the code in ARCHITECTURE.md name classes and methods that exist. */
class ArchitectureTextTest {
  /** Such as {@code `PublishRun.commit`}. */
  private static final Pattern METHOD =
      Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)(?:\\([^`]*\\))?`");

  @Test
  void everyMethodOfTheTextExists() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (SourceFile source : SourceTree.main()) {
      sources.merge(
          source.name().replace(".java", ""), String.join("\n", source.lines()), String::concat);
    }
    Set<String> missing = new TreeSet<>();
    int found = 0;
    Matcher matcher =
        METHOD.matcher(Files.readString(SourceTree.root().resolve("ARCHITECTURE.md")));
    for (MatchResult each : matcher.results().toList()) {
      found++;
      String source = sources.getOrDefault(each.group(1), "");
      if (!Pattern.compile("\\b" + each.group(2) + "\\(").matcher(source).find()) {
        missing.add(each.group());
      }
    }

    assertThat(missing).as("methods that no class has").isEmpty();
    assertThat(found).as("methods in the text").isGreaterThan(30);
  }
}
