package io.meshwork.cli.internal.code;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/**
 * Writes maps, lists, and strings as YAML that readers of YAML 1.1 and 1.2 understand alike:
 * strings that either could take for another type are quoted.
 */
final class CodeText {
  /** A string that is a string in every version of YAML, unless it is a word such as {@code no}. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./@-]*");

  private static final Set<String> WORDS_OF_YAML_1_1 = Set.of("y", "n", "yes", "no", "on", "off");

  private CodeText() {}

  /** Characters are escaped only if one of them changes how others look. */
  static String of(Map<String, Object> code) {
    String text = write(code, true);
    return text.codePoints().anyMatch(c -> Character.getType(c) == Character.FORMAT)
        ? write(code, false)
        : text;
  }

  private static String write(Map<String, Object> code, boolean unicode) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setUseUnicodeEncoding(unicode)
            .setSplitLines(false)
            .setIndent(2)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .build();
    return new Dump(settings, new Texts(settings)).dumpToString(code);
  }

  /** Quotes strings. */
  private static final class Texts extends StandardRepresenter {
    Texts(DumpSettings settings) {
      super(settings);
      representers.put(
          String.class,
          text -> representScalar(Tag.STR, text.toString(), styleOf(text.toString())));
    }

    private static ScalarStyle styleOf(String text) {
      return PLAIN.matcher(text).matches()
              && !WORDS_OF_YAML_1_1.contains(text.toLowerCase(Locale.ROOT))
          ? ScalarStyle.PLAIN
          : ScalarStyle.DOUBLE_QUOTED;
    }
  }
}
