package io.meshwork.odcs.internal.document;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
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
          .build();

  private static final char NEXT_LINE = '\u0085';

  /** Collects the text. */
  private static final class TextWriter extends StringWriter implements StreamDataWriter {}

  private final boolean quoted;

  private YamlWriter(boolean quoted) {
    this.quoted = quoted;
  }

  /** Returns the text of a tree; what it reads as is compared with the tree. */
  public static String of(YamlNode root) {
    String text = text(root, false);
    return YamlReader.read(text, "an export").sameAs(root) ? text : text(root, true);
  }

  private static String text(YamlNode root, boolean quoted) {
    TextWriter writer = new TextWriter();
    new Dump(SETTINGS).dumpNode(new YamlWriter(quoted).node(root), writer);
    return writer.toString();
  }

  private Node node(YamlNode value) {
    if (value.isMap()) {
      List<NodeTuple> entries = new ArrayList<>();
      for (YamlNode.Entry entry : value.entries().values()) {
        entries.add(new NodeTuple(node(entry.key()), node(entry.value())));
      }
      return new MappingNode(Tag.MAP, entries, FlowStyle.BLOCK);
    }
    if (value.isList()) {
      return new SequenceNode(
          Tag.SEQ, value.items().stream().map(this::node).toList(), FlowStyle.BLOCK);
    }
    return new ScalarNode(value.tag(), value.text(), style(value));
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
