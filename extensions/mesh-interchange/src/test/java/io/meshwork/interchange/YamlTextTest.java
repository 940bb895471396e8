package io.meshwork.interchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Texts in YAML, and names for entities. */
class YamlTextTest {
  @Test
  void textsThatAReaderOfYaml11TakesForOtherTypesAreQuoted() {
    for (String text :
        List.of(
            "no",
            "Yes",
            "on",
            "y",
            "null",
            "~",
            "1",
            "0x1F",
            "1e3",
            "12:30",
            "2026-11-20",
            "",
            " a",
            "=",
            "<<",
            "-")) {
      assertThat(YamlText.of(Map.of("key", text))).as(text).isEqualTo("key: \"" + text + "\"\n");
    }
    assertThat(YamlText.of(Map.of("key", "orders@example.org")))
        .isEqualTo("key: orders@example.org\n");
  }

  @Test
  void valuesOfOtherTypesKeepTheirType() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("flag", true);
    document.put("count", 17);
    document.put("share", 2.5);
    document.put("nothing", null);

    assertThat(new Load(LoadSettings.builder().build()).loadFromString(YamlText.of(document)))
        .isEqualTo(document);
  }

  @Test
  void everyTextIsReadBackAsItWas() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String characters = "ab:#-?,[]{}&*!|>'\"%@`\\ \n\r\t\u0085\u2028\u0007\u00e9\ud83d\ude00~=0.";
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j > 0; j--) {
        text.appendCodePoint(
            characters
                .codePoints()
                .skip(random.nextInt((int) characters.codePoints().count()))
                .findFirst()
                .orElseThrow());
      }
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("text", text.toString());
      document.put("list", List.of(text.toString(), List.of()));

      Object read = new Load(LoadSettings.builder().build()).loadFromString(YamlText.of(document));

      assertThat(read).as("seed %s", seed).isEqualTo(document);
    }
  }

  @Test
  void everyNameOfAnEntityIsValidAndDiffersFromOthers() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(80); j > 0; j--) {
        text.append("ab1-_. @é/".charAt(random.nextInt(10)));
      }
      String name = EntityNames.valid(text.toString());

      assertThat(name)
          .as("seed %s", seed)
          .hasSizeLessThanOrEqualTo(63)
          .matches("[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*");
      String other = texts.put(name, text.toString());
      assertThat(other == null || other.equals(text.toString())).as("seed %s", seed).isTrue();
    }
  }
}
