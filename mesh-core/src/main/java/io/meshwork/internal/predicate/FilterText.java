package io.meshwork.internal.predicate;

import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Between;
import io.meshwork.internal.predicate.FilterNode.Comparison;
import io.meshwork.internal.predicate.FilterNode.Constant;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Like;
import io.meshwork.internal.predicate.FilterNode.Membership;
import io.meshwork.internal.predicate.FilterNode.Not;
import io.meshwork.internal.predicate.FilterNode.NullTest;
import io.meshwork.internal.predicate.FilterNode.Or;
import io.meshwork.internal.text.FloatingText;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Types;

/** Formats a filter in canonical form, which parses to an equal tree. */
final class FilterText {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private FilterText() {}

  static String of(FilterNode node) {
    if (node instanceof Constant constant) {
      return constant.value() ? "TRUE" : "FALSE";
    } else if (node instanceof And and) {
      return joined(and.parts(), " AND ");
    } else if (node instanceof Or or) {
      return joined(or.parts(), " OR ");
    } else if (node instanceof Not not) {
      return negated(not.part());
    }
    return leaf((Leaf) node, "");
  }

  private static String joined(List<FilterNode> parts, String word) {
    // AND binds tighter than OR, so only an OR within an AND needs parentheses.
    return parts.stream()
        .map(part -> part instanceof Or ? "(" + of(part) + ")" : of(part))
        .collect(Collectors.joining(word));
  }

  private static String negated(FilterNode part) {
    if (part instanceof And || part instanceof Or) {
      return "NOT (" + of(part) + ")";
    } else if (part instanceof Constant || part instanceof Comparison) {
      return "NOT " + of(part);
    }
    return leaf((Leaf) part, "NOT ");
  }

  private static String leaf(Leaf leaf, String not) {
    String column = column(leaf.column());
    if (leaf instanceof Comparison comparison) {
      return column + " " + comparison.operator().sign() + " " + literal(comparison.literal());
    } else if (leaf instanceof Between between) {
      return column
          + " "
          + not
          + "BETWEEN "
          + literal(between.low())
          + " AND "
          + literal(between.high());
    } else if (leaf instanceof Membership members) {
      return members.literals().stream()
          .map(FilterText::literal)
          .collect(Collectors.joining(", ", column + " " + not + "IN (", ")"));
    } else if (leaf instanceof Like like) {
      return column + " " + not + "LIKE " + quoted(like.pattern());
    }
    return column(((NullTest) leaf).column()) + " IS " + not + "NULL";
  }

  private static String column(FilterColumn column) {
    return column.path().stream()
        .map(
            name ->
                PLAIN_NAME.matcher(name).matches() && !FilterToken.isKeyword(name)
                    ? name
                    : '"' + name.replace("\"", "\"\"") + '"')
        .collect(Collectors.joining("."));
  }

  private static String literal(TypedLiteral literal) {
    return switch (literal.type().typeId()) {
      case BOOLEAN -> literal.asLong() != 0 ? "TRUE" : "FALSE";
      case FLOAT -> floating(literal.asDouble(), FloatingText.of((float) literal.asDouble()));
      case DOUBLE -> floating(literal.asDouble(), FloatingText.of(literal.asDouble()));
      case DECIMAL ->
          literal.asDecimal().signum() == 0
              ? "0"
              : literal.asDecimal().stripTrailingZeros().toPlainString();
      case DATE -> "DATE " + quoted(LocalDate.ofEpochDay(literal.asLong()).toString());
      case TIME ->
          quoted(
              DateTimeFormatter.ISO_LOCAL_TIME.format(
                  LocalTime.ofNanoOfDay(literal.asLong() * 1_000)));
      case TIMESTAMP ->
          timestamp(
              literal.asLong(),
              1_000_000,
              ((Types.TimestampType) literal.type()).shouldAdjustToUTC());
      case TIMESTAMP_NANO ->
          timestamp(
              literal.asLong(),
              1_000_000_000,
              ((Types.TimestampNanoType) literal.type()).shouldAdjustToUTC());
      case STRING -> quoted(literal.asBytes().text());
      case UUID -> {
        ByteBuffer bytes = ByteBuffer.wrap(literal.asBytes().bytes());
        yield quoted(new UUID(bytes.getLong(), bytes.getLong()).toString());
      }
      case UNKNOWN -> literal.asBytes().text();
      default -> Long.toString(literal.asLong());
    };
  }

  private static String floating(double value, String text) {
    return value == Math.rint(value) && Math.abs(value) < 1e7 ? Long.toString((long) value) : text;
  }

  private static String timestamp(long ticks, long perSecond, boolean instant) {
    Instant time =
        Instant.ofEpochSecond(
            Math.floorDiv(ticks, perSecond),
            Math.floorMod(ticks, perSecond) * (1_000_000_000 / perSecond));
    return "TIMESTAMP "
        + quoted(
            instant
                ? time.toString()
                : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                    LocalDateTime.ofInstant(time, ZoneOffset.UTC)));
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
