package io.meshwork.odcs.internal.document;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Writes maps, lists, strings, numbers, and booleans as block YAML with comments, with SnakeYAML
 * Engine.
 */
public final class YamlFormatter {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*");

  /** Strings that YAML 1.1 reads as another type; SnakeYAML Engine writes YAML 1.2. */
  private static final Set<String> YAML_1_1_WORDS =
      Set.of("y", "yes", "n", "no", "true", "false", "on", "off", "null", "nan", "inf");

  private static final DumpSettings READABLE = settings(true);
  private static final DumpSettings ESCAPED = settings(false);

  /** A map with comments before it. */
  public record CommentedMap(List<String> comments, Map<String, Object> value) {}

  private static final class TextWriter extends StringWriter implements StreamDataWriter {}

  private YamlFormatter() {}

  public static String of(Map<String, Object> document, List<String> comments) {
    CommentedMap root = new CommentedMap(comments, document);
    String text = write(root, READABLE);
    return hasInvisibleCharacter(text) ? write(root, ESCAPED) : text;
  }

  private static String write(CommentedMap root, DumpSettings settings) {
    TextWriter text = new TextWriter();
    new Dump(settings).dumpNode(node(root), text);
    return text.toString();
  }

  /** Returns true if a character, such as a bidirectional control, changes how others look. */
  private static boolean hasInvisibleCharacter(String text) {
    return text.codePoints().anyMatch(c -> Character.getType(c) == Character.FORMAT);
  }

  private static DumpSettings settings(boolean unicode) {
    return DumpSettings.builder()
        .setDumpComments(true)
        .setUseUnicodeEncoding(unicode)
        .setSplitLines(false)
        .setIndent(2)
        .setIndicatorIndent(2)
        .setIndentWithIndicator(true)
        .build();
  }

  private static Node node(@Nullable Object value) {
    if (value instanceof CommentedMap commented) {
      Node node = node(commented.value());
      node.setBlockComments(commented.comments().stream().map(YamlFormatter::comment).toList());
      return node;
    }
    if (value instanceof Map<?, ?> map) {
      List<NodeTuple> entries = new ArrayList<>();
      map.forEach((key, content) -> entries.add(new NodeTuple(node(key), node(content))));
      return new MappingNode(Tag.MAP, entries, FlowStyle.BLOCK);
    }
    if (value instanceof List<?> list) {
      List<Node> elements = new ArrayList<>();
      list.forEach(element -> elements.add(node(element)));
      return new SequenceNode(Tag.SEQ, elements, FlowStyle.BLOCK);
    }
    return scalar(value);
  }

  /** Returns true if every version of YAML reads the text as text without quotes. */
  static boolean isPlain(String text) {
    return PLAIN.matcher(text).matches() && !isWordOfEarlierYaml(text);
  }

  /** Returns true if YAML 1.1 reads the text without quotes as a boolean, null, or a number. */
  static boolean isWordOfEarlierYaml(String text) {
    return YAML_1_1_WORDS.contains(text.toLowerCase(Locale.ROOT));
  }

  private static ScalarNode scalar(@Nullable Object value) {
    if (value == null) {
      return new ScalarNode(Tag.NULL, "null", ScalarStyle.PLAIN);
    }
    if (value instanceof Boolean) {
      return new ScalarNode(Tag.BOOL, value.toString(), ScalarStyle.PLAIN);
    }
    if (value instanceof Number) {
      String number =
          value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
      Tag tag = number.indexOf('.') < 0 ? Tag.INT : Tag.FLOAT;
      return new ScalarNode(tag, number, ScalarStyle.PLAIN);
    }
    String text = value.toString();
    return new ScalarNode(
        Tag.STR, text, isPlain(text) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
  }

  private static CommentLine comment(String text) {
    return new CommentLine(Optional.empty(), Optional.empty(), " " + text, CommentType.BLOCK);
  }
}
