package io.meshwork.cli.internal.code;

import io.meshwork.cli.internal.file.InputFile;
import io.meshwork.cli.internal.shell.UsageException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A value of a file that describes a domain, with its place for messages. */
final class CodeNode {
  private final Path file;
  private final Node node;

  private CodeNode(Path file, Node node) {
    this.file = file;
    this.node = node;
  }

  static CodeNode read(Path file) {
    try {
      Node root =
          new Compose(LoadSettings.builder().build())
              .composeString(InputFile.text(file))
              .orElseThrow(() -> new UsageException(file + " is empty."));
      return new CodeNode(file, root);
    } catch (YamlEngineException e) {
      throw new UsageException(file + " is not YAML: " + e.getMessage());
    }
  }

  /** Returns the error that names this place. */
  UsageException error(String what) {
    Optional<Mark> mark = node.getStartMark();
    String place = mark.map(at -> ":" + (at.getLine() + 1) + ":" + (at.getColumn() + 1)).orElse("");
    return new UsageException(file + place + ": " + what);
  }

  String text() {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error("a text is expected here.");
  }

  boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw error("true or false is expected here.");
    };
  }

  List<CodeNode> list() {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue().stream().map(element -> new CodeNode(file, element)).toList();
    }
    throw error("a list is expected here.");
  }

  List<String> texts() {
    return list().stream().map(CodeNode::text).toList();
  }

  /** Returns the entries of a map with any keys, in their order. */
  Map<String, CodeNode> entries() {
    if (!(node instanceof MappingNode mapping)) {
      throw error("a map is expected here.");
    }
    Map<String, CodeNode> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      CodeNode key = new CodeNode(file, entry.getKeyNode());
      if (entries.put(key.text(), new CodeNode(file, entry.getValueNode())) != null) {
        throw key.error("the key '" + key.text() + "' occurs twice.");
      }
    }
    return entries;
  }

  /** Returns the entries of a map that has only these keys. */
  Map<String, CodeNode> entries(String... allowed) {
    Map<String, CodeNode> entries = entries();
    for (NodeTuple entry : ((MappingNode) node).getValue()) {
      CodeNode key = new CodeNode(file, entry.getKeyNode());
      if (!List.of(allowed).contains(key.text())) {
        throw key.error(
            "the key '"
                + key.text()
                + "' is unknown. Keys here are "
                + String.join(", ", allowed)
                + ".");
      }
    }
    return entries;
  }

  /** Returns the path that a string names, from the folder of the file. */
  Path path() {
    try {
      Path named = Path.of(text());
      Path folder = file.toAbsolutePath().getParent();
      return folder == null ? named : folder.resolve(named);
    } catch (InvalidPathException e) {
      throw error("a path cannot have this text: " + e.getReason() + ".");
    }
  }

  static Optional<String> text(Map<String, CodeNode> entries, String key) {
    return Optional.ofNullable(entries.get(key)).map(CodeNode::text);
  }

  static List<String> texts(Map<String, CodeNode> entries, String key) {
    return Optional.ofNullable(entries.get(key)).map(CodeNode::texts).orElse(new ArrayList<>());
  }
}
