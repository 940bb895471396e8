package io.meshwork.odcs.internal.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * How a key, an item of a list, or a value is written: its comments, and whether a map or a list is
 * in brackets. A reader fills it; it does not change afterwards.
 */
final class YamlLayout {
  /** Marks a comment above a line that belongs to the end of that line. */
  static final char INLINE = '\uE000';

  /** Marks an empty line, because the library drops some of them. */
  static final char EMPTY = '\uE001';

  static final YamlLayout NONE = new YamlLayout(List.of(), false);

  private final List<CommentLine> before;
  private final boolean flow;
  private final List<CommentLine> after = new ArrayList<>();
  private Optional<CommentLine> inline = Optional.empty();

  /**
   * Creates it.
   *
   * @param before the lines above it
   * @param flow whether it is a map or a list in brackets
   */
  YamlLayout(List<CommentLine> before, boolean flow) {
    this.before = before.stream().map(YamlLayout::marked).toList();
    this.flow = flow;
  }

  private static CommentLine marked(CommentLine line) {
    return line.getCommentType() == CommentType.BLANK_LINE ? comment(String.valueOf(EMPTY)) : line;
  }

  private static CommentLine comment(String text) {
    return new CommentLine(Optional.empty(), Optional.empty(), text, CommentType.BLOCK);
  }

  boolean isFlow() {
    return flow;
  }

  /** Adds a comment at the end of its line; false if it has one. */
  boolean addInline(CommentLine comment) {
    if (this == NONE || inline.isPresent()) {
      return false;
    }
    inline = Optional.of(comment);
    return true;
  }

  /** Adds the lines at the end of the document. */
  void addAfter(List<CommentLine> comments) {
    if (this != NONE) {
      comments.forEach(comment -> after.add(marked(comment)));
    }
  }

  /** Writes the lines above and below to a node. */
  void writeTo(Node node) {
    if (!before.isEmpty()) {
      node.setBlockComments(before);
    }
    if (!after.isEmpty()) {
      node.setEndComments(after);
    }
  }

  /** Writes the comment at the end of the line to a node. */
  void writeInlineTo(Node node) {
    inline.ifPresent(comment -> node.setInLineComments(List.of(comment)));
  }

  /** Writes all comments above a node; the writer then moves the marked one to its line. */
  void writeAbove(Node node) {
    List<CommentLine> lines = new ArrayList<>(before);
    inline.ifPresent(comment -> lines.add(comment(INLINE + comment.getValue())));
    if (!lines.isEmpty()) {
      node.setBlockComments(lines);
    }
  }
}
