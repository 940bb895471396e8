package io.meshwork.interchange;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Writes maps, lists, strings, and other scalars as block YAML that readers of YAML 1.1 and 1.2
 * understand alike: strings that either could take for another type are quoted.
 */
final class YamlText {
  /** A string that is a string in every version of YAML, unless it is a word such as {@code no}. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./@-]*");

  private static final Set<String> WORDS =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

  private static final DumpSettings SETTINGS =
      DumpSettings.builder()
          .setSplitLines(false)
          .setIndent(2)
          .setIndicatorIndent(2)
          .setIndentWithIndicator(true)
          .build();

  /** Collects the text. */
  private static final class TextWriter extends StringWriter implements StreamDataWriter {}

  private YamlText() {}

  static String of(Map<String, ?> document) {
    TextWriter writer = new TextWriter();
    new Dump(SETTINGS).dumpNode(node(document), writer);
    return writer.toString();
  }

  /** Returns several documents in one file. */
  static String ofAll(List<? extends Map<String, ?>> documents) {
    return documents.stream().map(YamlText::of).collect(Collectors.joining("---\n"));
  }

  private static Node node(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      List<NodeTuple> entries = new ArrayList<>();
      map.forEach((key, each) -> entries.add(new NodeTuple(node(key), node(each))));
      return new MappingNode(Tag.MAP, entries, flow(map.isEmpty()));
    }
    if (value instanceof List<?> list) {
      return new SequenceNode(
          Tag.SEQ, list.stream().map(YamlText::node).toList(), flow(list.isEmpty()));
    }
    String text = String.valueOf(value);
    if (value == null || value instanceof Boolean || value instanceof Number) {
      return new ScalarNode(tag(value), text, ScalarStyle.PLAIN);
    }
    return new ScalarNode(
        Tag.STR, text, isPlain(text) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  private static Tag tag(@Nullable Object scalar) {
    if (scalar == null) {
      return Tag.NULL;
    }
    return scalar instanceof Boolean
        ? Tag.BOOL
        : scalar instanceof Double || scalar instanceof BigDecimal ? Tag.FLOAT : Tag.INT;
  }

  private static FlowStyle flow(boolean empty) {
    return empty ? FlowStyle.FLOW : FlowStyle.BLOCK;
  }

  private static boolean isPlain(String text) {
    return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
  }
}
