package io.meshwork.cli;

import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes maps, lists, and texts as YAML. */
final class CodeText {
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
    return new Dump(settings).dumpToString(code);
  }
}
