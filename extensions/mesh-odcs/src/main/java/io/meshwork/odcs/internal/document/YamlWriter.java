package io.meshwork.odcs.internal.document;

import io.meshwork.error.InvalidRequestException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Writes a tree as block YAML whose scalars have their text and, where it holds, their style. */
public final class YamlWriter {
  private static final DumpSettings SETTINGS =
      DumpSettings.builder()
          .setSchema(new CoreSchema())
          .setSplitLines(false)
          .setIndent(2)
          .setIndicatorIndent(2)
          .setIndentWithIndicator(true)
          .setDumpComments(true)
          .build();

  private static final char NEXT_LINE = '\u0085';

  /** Comments of an item after its hyphen, which people write above it. */
  private static final Pattern AFTER_HYPHEN =
      Pattern.compile("(?m)^( *)- (?=\\s*#)((?:#.*)?\\n(?:(?: *#.*)?\\n)*) *(?=[^ \\n#])");

  private static final Pattern EMPTY = Pattern.compile("(?m)^ *#" + YamlLayout.EMPTY + "$");

  /** A comment at the end of the next line. */
  private static final Pattern INLINE =
      Pattern.compile("(?m)^ *#" + YamlLayout.INLINE + "(.*)\\n(.*)$");

  private static final class TextWriter extends StringWriter implements StreamDataWriter {}

  private final boolean quoted;
  private final boolean plain;

  private YamlWriter(boolean quoted, boolean plain) {
    this.quoted = quoted;
    this.plain = plain;
  }

  /**
   * Returns the text of a tree with its comments; what it reads as is compared with the tree, and
   * if it differs, strings are quoted, and then comments left out.
   */
  public static String of(YamlNode root) {
    for (boolean quoted : new boolean[] {false, true}) {
      String text = new YamlWriter(quoted, false).text(root);
      if (isRead(text, root)) {
        return text;
      }
    }
    String text = new YamlWriter(false, true).text(root);
    return isRead(text, root) ? text : new YamlWriter(true, true).text(root);
  }

  private static boolean isRead(String text, YamlNode root) {
    try {
      return YamlReader.readAgain(text).sameAs(root);
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  private String text(YamlNode root) {
    TextWriter writer = new TextWriter();
    new Dump(SETTINGS).dumpNode(node(root), writer);
    return plain ? writer.toString() : withPlacedComments(writer.toString());
  }

  private static String withPlacedComments(String text) {
    String above =
        AFTER_HYPHEN
            .matcher(text)
            .replaceAll(
                match -> {
                  String indent = match.group(1);
                  String lines =
                      match
                          .group(2)
                          .lines()
                          .filter(line -> !line.isBlank())
                          .map(line -> indent + line.strip())
                          .collect(Collectors.joining("\n"));
                  return Matcher.quoteReplacement(lines + "\n" + indent + "- ");
                });
    return EMPTY.matcher(INLINE.matcher(above).replaceAll("$2 #$1")).replaceAll("");
  }

  private Node node(YamlNode value) {
    Node node = bare(value);
    if (!plain) {
      value.layout().writeTo(node);
    }
    return node;
  }

  private Node bare(YamlNode value) {
    FlowStyle flow = !plain && value.layout().isFlow() ? FlowStyle.FLOW : FlowStyle.BLOCK;
    if (value.isMap()) {
      List<NodeTuple> entries = new ArrayList<>();
      for (YamlNode.Entry entry : value.entries().values()) {
        Node key = node(entry.key());
        Node content = bare(entry.value());
        if (!plain) {
          if (isOnLine(entry.value())) {
            entry.key().layout().writeInlineTo(content);
          } else {
            entry.key().layout().writeAbove(key);
          }
        }
        entries.add(new NodeTuple(key, content));
      }
      return new MappingNode(Tag.MAP, entries, flow);
    }
    if (value.isList()) {
      return new SequenceNode(Tag.SEQ, value.items().stream().map(this::item).toList(), flow);
    }
    return new ScalarNode(value.tag(), value.text(), style(value));
  }

  private Node item(YamlNode item) {
    Node node = bare(item);
    if (!plain && isOnLine(item)) {
      item.layout().writeTo(node);
      item.layout().writeInlineTo(node);
    } else if (!plain) {
      item.layout().writeAbove(node);
    }
    return node;
  }

  /** True if a value ends on the line on which it starts. */
  private boolean isOnLine(YamlNode value) {
    if (value.isMap() || value.isList()) {
      return value.layout().isFlow();
    }
    ScalarStyle style = style(value);
    return style != ScalarStyle.LITERAL && style != ScalarStyle.FOLDED;
  }

  private ScalarStyle style(YamlNode value) {
    if (value.style() == ScalarStyle.PLAIN) {
      return ScalarStyle.PLAIN;
    }
    if (value.text().indexOf(NEXT_LINE) >= 0) {
      return ScalarStyle.DOUBLE_QUOTED; // escaped, because YAML 1.1 reads it as a line break
    }
    if (!quoted && (value.style() == ScalarStyle.LITERAL || value.style() == ScalarStyle.FOLDED)) {
      return value.text().contains("\n") ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED;
    }
    return quoted ? ScalarStyle.DOUBLE_QUOTED : value.style();
  }
}
