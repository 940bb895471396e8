package io.meshwork.odcs.internal.document;

import io.meshwork.error.MeshException;
import io.meshwork.odcs.internal.document.YamlNode.Entry;
import io.meshwork.odcs.internal.document.YamlNode.SourcePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.CommentEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one YAML document with limits: no tags, no repeated key, at most 100 aliases, 100 levels,
 * 500,000 values with aliases replaced, and 5 MiB of text by aliases. Dates stay text. The merge
 * key of YAML 1.1 ({@code <<}) is applied.
 */
public final class YamlReader {
  /** Longest document, in bytes of UTF-8. */
  public static final int MAX_BYTES = 5 << 20;

  private static final int MAX_ALIASES = 100;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_VALUES = 500_000;

  /** Each text with an escape that the library rejects makes it read the document again. */
  private static final int MAX_ESCAPED = 10;

  /** Longer numbers, and larger exponents, would take memory that no contract needs. */
  private static final Pattern USUAL_NUMBER =
      Pattern.compile("(?=.{1,100}$)[^eE]*([eE][-+]?[0-9]{1,3})?|[-+]?0x[0-9a-fA-F]{1,100}");

  private static final String MERGE = "<<";
  private static final String CORRECT = "Correct the document.";

  private final OdcsErrors errors;
  private final Iterator<Event> events;
  private final Map<Anchor, YamlNode> anchors = new HashMap<>();
  private final List<String> path = new ArrayList<>();
  private int aliases;
  private long values;
  private long ofAliases;

  private final List<CommentLine> comments = new ArrayList<>();
  private YamlLayout last = YamlLayout.NONE;
  private int flows;
  private int lastLine = -1;

  private YamlReader(String text, OdcsErrors errors, int limit, boolean withComments) {
    this.errors = errors;
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(limit).setParseComments(withComments).build();
    this.events = new ParserImpl(settings, new StreamReader(settings, text));
  }

  /** Reads a document with its comments. */
  public static YamlNode read(String text, String source) {
    return read(text, new OdcsErrors(source));
  }

  /**
   * Reads a document with its comments.
   *
   * @param errors the errors of its standard
   */
  public static YamlNode read(String text, OdcsErrors errors) {
    return read(text, errors, MAX_ESCAPED, MAX_BYTES);
  }

  /** Reads a document that was read and written before, which can be longer than it was. */
  public static YamlNode readAgain(String text) {
    return read(text, new OdcsErrors("that a contract keeps"), MAX_ESCAPED, Integer.MAX_VALUE);
  }

  private static YamlNode read(String text, OdcsErrors errors, int more, int limit) {
    if (text.indexOf('#') >= 0 || text.contains("\n\n")) {
      try {
        return new YamlReader(text, errors, limit, true).document();
      } catch (YamlEngineException | MeshException e) {
        // Comments at unusual places: without them, the document or its fault is read.
        return read(new YamlReader(text, errors, limit, false), text, more, limit);
      }
    }
    return read(new YamlReader(text, errors, limit, false), text, more, limit);
  }

  private static YamlNode read(YamlReader reader, String text, int more, int limit) {
    OdcsErrors errors = reader.errors;
    try {
      return reader.document();
    } catch (MarkedYamlEngineException e) {
      String replaced = more == 0 ? null : YamlEscapes.replaced(text, e);
      if (replaced != null) {
        return read(replaced, errors, more - 1, limit);
      }
      String context = e.getContext() == null ? "" : e.getContext() + ", ";
      throw errors.invalid(
          place(e.getProblemMark().or(e::getContextMark)),
          reader.path(),
          "it is not YAML: " + context + e.getProblem(),
          CORRECT);
    } catch (ReaderException e) {
      throw errors.invalid(
          place(text, e.getPosition()),
          reader.path(),
          String.format(
              Locale.ROOT, "it is not YAML: it has the character U+%04X", e.getCodePoint()),
          CORRECT);
    } catch (YamlEngineException e) {
      throw errors.invalid(
          new SourcePosition(1, 1), reader.path(), "it is not YAML: " + e.getMessage(), CORRECT);
    }
  }

  /** The place of a character, by the number of characters before it. */
  private static SourcePosition place(String text, int characters) {
    String before =
        text.substring(
            0,
            text.offsetByCodePoints(
                0, Math.min(characters, text.codePointCount(0, text.length()))));
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new SourcePosition(line, before.length() - before.lastIndexOf('\n'));
  }

  /** Returns the next event other than a comment. */
  private Event next() {
    Event event = events.next();
    while (event instanceof CommentEvent comment) {
      CommentLine line =
          new CommentLine(
              Optional.empty(), Optional.empty(), comment.getValue(), comment.getCommentType());
      boolean inline = comment.getCommentType() == CommentType.IN_LINE;
      boolean ofLast = inline && lineOf(comment.getStartMark()) == lastLine;
      if (!ofLast || !last.addInline(line)) {
        comments.add(
            inline
                ? new CommentLine(
                    Optional.empty(), Optional.empty(), line.getValue(), CommentType.BLOCK)
                : line);
      }
      event = events.next();
    }
    if (event instanceof ScalarEvent scalar) {
      lastLine = scalar.isLiteral() || scalar.isFolded() ? -1 : lineOf(event.getEndMark());
    } else if (flows > 0 && event instanceof CollectionEndEvent) {
      lastLine = lineOf(event.getEndMark());
    }
    return event;
  }

  private static int lineOf(Optional<Mark> mark) {
    return mark.map(Mark::getLine).orElse(-1);
  }

  /** Takes the comments above a key or an item; comments in brackets stay for what follows. */
  private YamlLayout layout(boolean flow) {
    if (flows > 0) {
      return flow ? new YamlLayout(List.of(), true) : YamlLayout.NONE;
    }
    last = new YamlLayout(comments, flow);
    comments.clear();
    return last;
  }

  private static boolean isFlow(Event event) {
    return event instanceof CollectionStartEvent start && start.isFlow();
  }

  private YamlNode document() {
    Event event = next();
    while (event.getEventId() == Event.ID.StreamStart) {
      event = next();
    }
    if (event.getEventId() == Event.ID.StreamEnd) {
      throw errors.invalid(
          new SourcePosition(1, 1), "", "the document is empty", "Write a contract.");
    }
    event = next();
    YamlLayout layout = new YamlLayout(List.of(), isFlow(event));
    YamlNode root = node(event, 1, layout);
    while (events.hasNext()) {
      event = next();
      if (event.getEventId() == Event.ID.DocumentStart) {
        throw errors.invalid(
            place(event.getStartMark()),
            "",
            "a second document starts here",
            "Put each contract into a file.");
      }
    }
    layout.addAfter(comments);
    return root;
  }

  private YamlNode node(Event event, int level, YamlLayout layout) {
    SourcePosition start = place(event.getStartMark());
    SourcePosition place = new SourcePosition(start.line(), start.column(), layout);
    if (level > MAX_DEPTH) {
      throw errors.tooLarge(place, path(), "it nests deeper than " + MAX_DEPTH + " levels");
    }
    if (event instanceof AliasEvent alias) {
      return alias(alias, place, level);
    }
    if (event instanceof NodeEvent tagged && tagOf(tagged) != null) {
      throw errors.invalid(
          place,
          path(),
          "it has the tag " + OdcsErrors.quoted(String.valueOf(tagOf(tagged))),
          "Remove the tag; a contract has none.");
    }
    count(1, place);
    boolean flow = isFlow(event);
    flows += flow ? 1 : 0;
    YamlNode node =
        switch (event.getEventId()) {
          case Scalar -> scalar((ScalarEvent) event, place);
          case MappingStart -> map(place, level);
          default -> list(place, level);
        };
    flows -= flow ? 1 : 0;
    if (event instanceof NodeEvent anchored) {
      anchored.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
    }
    return node;
  }

  private static @Nullable String tagOf(NodeEvent event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getTag().orElse(null);
    }
    return event instanceof CollectionStartEvent start ? start.getTag().orElse(null) : null;
  }

  private YamlNode alias(AliasEvent alias, SourcePosition place, int level) {
    aliases++;
    if (aliases > MAX_ALIASES) {
      throw errors.tooLarge(place, path(), "it has more than " + MAX_ALIASES + " aliases");
    }
    YamlNode node = anchors.get(alias.getAlias());
    if (node == null) {
      throw errors.invalid(
          place,
          path(),
          "the alias refers to an anchor that does not precede it, or that contains it",
          CORRECT);
    }
    if (level + node.depth() > MAX_DEPTH) {
      throw errors.tooLarge(place, path(), "it nests deeper than " + MAX_DEPTH + " levels");
    }
    count(node.size(), place);
    ofAliases += node.length();
    if (ofAliases > MAX_BYTES) {
      throw errors.tooLarge(
          place, path(), "its aliases stand for more than " + (MAX_BYTES >> 20) + " MiB of text");
    }
    return node;
  }

  private void count(int more, SourcePosition place) {
    values += more;
    if (values > MAX_VALUES) {
      throw errors.tooLarge(place, path(), "it has more than " + MAX_VALUES + " values");
    }
  }

  private YamlNode scalar(ScalarEvent event, SourcePosition place) {
    ScalarStyle style = event.getScalarStyle();
    YamlNode node = YamlNode.scalar(event.getValue(), style, place);
    if (node.isNumber() && !USUAL_NUMBER.matcher(node.text()).matches()) {
      throw errors.tooLarge(
          place, path(), "a number has more than 100 digits, or an exponent of four digits");
    }
    return node;
  }

  private YamlNode list(SourcePosition place, int level) {
    List<YamlNode> items = new ArrayList<>();
    Event event = next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      path.add("[" + items.size() + "]");
      items.add(node(event, level + 1, layout(isFlow(event))));
      path.remove(path.size() - 1);
      event = next();
    }
    return YamlNode.list(items, place);
  }

  private YamlNode map(SourcePosition place, int level) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<YamlNode> merged = new ArrayList<>();
    Event event = next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      YamlNode key = node(event, level + 1, layout(false));
      if (key.isMap() || key.isList()) {
        throw errors.invalid(
            key.place(), path(), "a key is a map or a list", "Use a text as the key.");
      }
      path.add((path.isEmpty() ? "" : ".") + shortened(key.text()));
      boolean merges = key.text().equals(MERGE) && key.style() == ScalarStyle.PLAIN;
      if (merges ? !merged.isEmpty() : entries.containsKey(key.text())) {
        throw errors.invalid(
            place(event.getStartMark()), path(), "the key is repeated", "Remove one of the two.");
      }
      Event start = next();
      YamlNode value = node(start, level + 1, new YamlLayout(List.of(), isFlow(start)));
      if (merges) {
        merged.add(value);
      } else {
        entries.put(key.text(), new Entry(key, value));
      }
      path.remove(path.size() - 1);
      event = next();
    }
    merged.forEach(each -> merge(entries, each));
    return YamlNode.map(entries, place);
  }

  /** Adds the entries of maps that the merge key names; keys that exist win. */
  private void merge(Map<String, Entry> entries, YamlNode merged) {
    for (YamlNode each : merged.isList() ? merged.items() : List.of(merged)) {
      if (!each.isMap()) {
        throw errors.invalid(
            each.place(), path(), "the merge key names a value that is not a map", CORRECT);
      }
      each.entries().forEach(entries::putIfAbsent);
    }
  }

  private String path() {
    return String.join("", path.size() > 20 ? path.subList(0, 20) : path)
        + (path.size() > 20 ? "…" : "");
  }

  private static String shortened(String key) {
    return key.length() <= 60 ? key : key.substring(0, 60) + "…";
  }

  private static SourcePosition place(Optional<Mark> mark) {
    return mark.map(at -> new SourcePosition(at.getLine() + 1, at.getColumn() + 1))
        .orElse(new SourcePosition(1, 1));
  }
}
