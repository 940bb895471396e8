package io.meshwork.odcs.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A value of a YAML document: a scalar as written, a map, or a list, with its place. Scalars retain
 * their text and style, so that a document is written with the numbers and dates that were read.
 * Immutable.
 */
public final class YamlNode {
  private static final ScalarResolver CORE = new CoreSchema().getScalarResolver();

  /**
   * Where a value starts, and how it is written there.
   *
   * @param line from 1, or 0 if it was not read from a string
   * @param column as the line
   */
  public record SourcePosition(int line, int column, YamlLayout layout) {
    public static final SourcePosition NONE = new SourcePosition(0, 0);

    /** A place without comments. */
    public SourcePosition(int line, int column) {
      this(line, column, YamlLayout.NONE);
    }
  }

  /** An entry of a map. */
  public record Entry(YamlNode key, YamlNode value) {}

  private final SourcePosition place;
  private final Tag tag;
  private final String text;
  private final ScalarStyle style;
  private final Map<String, Entry> entries;
  private final List<YamlNode> items;
  private final int size;
  private final int depth;
  private final long length;

  private YamlNode(
      SourcePosition place,
      Tag tag,
      String text,
      ScalarStyle style,
      Map<String, Entry> entries,
      List<YamlNode> items) {
    this.place = place;
    this.tag = tag;
    this.text = text;
    this.style = style;
    this.entries = Collections.unmodifiableMap(entries);
    this.items = Collections.unmodifiableList(items);
    long values = 1;
    int levels = 0;
    long characters = text.length();
    for (Entry entry : entries.values()) {
      values += entry.value().size;
      levels = Math.max(levels, entry.value().depth);
      characters += entry.key().text.length() + entry.value().length;
    }
    for (YamlNode item : items) {
      values += item.size;
      levels = Math.max(levels, item.depth);
      characters += item.length;
    }
    this.size = (int) Math.min(values, Integer.MAX_VALUE);
    this.depth = levels + 1;
    this.length = characters;
  }

  static YamlNode scalar(String text, ScalarStyle style, SourcePosition place) {
    Tag tag = style == ScalarStyle.PLAIN ? CORE.resolve(text, true) : Tag.STR;
    return new YamlNode(place, tag, text, style, Map.of(), List.of());
  }

  public static YamlNode map(Map<String, Entry> entries, SourcePosition place) {
    return new YamlNode(
        place, Tag.MAP, "", ScalarStyle.PLAIN, new LinkedHashMap<>(entries), List.of());
  }

  public static YamlNode list(List<YamlNode> items, SourcePosition place) {
    return new YamlNode(place, Tag.SEQ, "", ScalarStyle.PLAIN, Map.of(), new ArrayList<>(items));
  }

  /** A key or a string that was not read; plain where every version of YAML reads it as text. */
  public static YamlNode text(String text) {
    return scalar(
        text,
        YamlFormatter.isPlain(text) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED,
        SourcePosition.NONE);
  }

  /** The tree of a JSON value. */
  public static YamlNode of(JsonNode json) {
    if (json.isObject()) {
      Map<String, Entry> entries = new LinkedHashMap<>();
      json.properties()
          .forEach(
              each ->
                  entries.put(each.getKey(), new Entry(text(each.getKey()), of(each.getValue()))));
      return map(entries, SourcePosition.NONE);
    }
    if (json.isArray()) {
      List<YamlNode> items = new ArrayList<>();
      json.forEach(each -> items.add(of(each)));
      return list(items, SourcePosition.NONE);
    }
    if (json.isTextual()) {
      return text(json.textValue());
    }
    String text =
        json.isFloatingPointNumber() ? json.decimalValue().toPlainString() : json.asText("null");
    return scalar(text, ScalarStyle.PLAIN, SourcePosition.NONE);
  }

  /** The items of the list of a key; none without one. */
  public List<YamlNode> items(String key) {
    YamlNode list = get(key);
    return list == null ? List.of() : list.items();
  }

  /** The value as JSON. Infinity and NaN become text. */
  public JsonNode json() {
    return json(false);
  }

  /** The value as JSON for a schema: Infinity and NaN, which JSON lacks, become another number. */
  public JsonNode jsonForSchema() {
    return json(true);
  }

  private JsonNode json(boolean forSchema) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (isMap()) {
      ObjectNode object = nodes.objectNode();
      entries.forEach((key, entry) -> object.set(key, entry.value().json(forSchema)));
      return object;
    }
    if (isList()) {
      ArrayNode array = nodes.arrayNode();
      items.forEach(item -> array.add(item.json(forSchema)));
      return array;
    }
    if (tag.equals(Tag.NULL)) {
      return nodes.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return nodes.booleanNode(text.toLowerCase(Locale.ROOT).equals("true"));
    }
    BigDecimal number = number();
    if (number == null) {
      return forSchema && isNumber() ? nodes.numberNode(0.5) : nodes.textNode(text);
    }
    if (tag.equals(Tag.FLOAT)) {
      return nodes.numberNode(number);
    }
    BigInteger whole = number.toBigIntegerExact();
    return whole.bitLength() < Long.SIZE
        ? nodes.numberNode(whole.longValue())
        : nodes.numberNode(whole);
  }

  /** The number of a scalar; null if it is not a number, or is infinite. */
  @Nullable BigDecimal number() {
    if (tag.equals(Tag.INT)) {
      String digits = text.startsWith("+") ? text.substring(1) : text;
      if (digits.startsWith("0o")) {
        return new BigDecimal(new BigInteger(digits.substring(2), 8));
      }
      if (digits.startsWith("0x")) {
        return new BigDecimal(new BigInteger(digits.substring(2), 16));
      }
      return new BigDecimal(new BigInteger(digits));
    }
    boolean finite = tag.equals(Tag.FLOAT) && text.chars().anyMatch(Character::isDigit);
    return finite ? new BigDecimal(text) : null;
  }

  public boolean isMap() {
    return tag.equals(Tag.MAP);
  }

  public boolean isList() {
    return tag.equals(Tag.SEQ);
  }

  boolean isNumber() {
    return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT);
  }

  /** Returns a string in the style of another one, if it is read as the same text then. */
  YamlNode styledAs(YamlNode other) {
    if (!tag.equals(Tag.STR) || !other.tag.equals(Tag.STR)) {
      return this;
    }
    YamlNode styled = scalar(text, other.style, place);
    boolean word = YamlFormatter.isWordOfEarlierYaml(text);
    return styled.tag.equals(Tag.STR) && !word && text.matches("[\\w./ -]+") ? styled : this;
  }

  public SourcePosition place() {
    return place;
  }

  YamlLayout layout() {
    return place.layout();
  }

  Tag tag() {
    return tag;
  }

  public String text() {
    return text;
  }

  ScalarStyle style() {
    return style;
  }

  public Map<String, Entry> entries() {
    return entries;
  }

  public List<YamlNode> items() {
    return items;
  }

  /** Returns how many values it has with all that it contains; aliases count each time. */
  int size() {
    return size;
  }

  int depth() {
    return depth;
  }

  /** Returns how many characters its strings have; aliases count each time. */
  long length() {
    return length;
  }

  /** Returns the value of a key, or null. */
  public @Nullable YamlNode get(String key) {
    Entry entry = entries.get(key);
    return entry == null ? null : entry.value();
  }

  /** Returns the text of a key's value; empty if it has none. */
  public String textOf(String key) {
    YamlNode value = get(key);
    return value == null || value.isMap() || value.isList() || value.tag.equals(Tag.NULL)
        ? ""
        : value.text;
  }

  /** Returns a copy of a map with another value of a key; with null, without the key. */
  public YamlNode with(String key, @Nullable YamlNode value) {
    Map<String, Entry> changed = new LinkedHashMap<>(entries);
    Entry old = changed.get(key);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.put(key, new Entry(old == null ? text(key) : old.key(), value));
    }
    return map(changed, place);
  }

  /** Returns true if both have the same data: keys in any order, and scalars as written. */
  public boolean sameAs(YamlNode other) {
    if (!tag.equals(other.tag)
        || entries.size() != other.entries.size()
        || items.size() != other.items.size()) {
      return false;
    }
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      YamlNode value = other.get(entry.getKey());
      if (value == null || !entry.getValue().value().sameAs(value)) {
        return false;
      }
    }
    for (int i = 0; i < items.size(); i++) {
      if (!items.get(i).sameAs(other.items.get(i))) {
        return false;
      }
    }
    return text.equals(other.text);
  }
}
