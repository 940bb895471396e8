package io.meshwork.odcs;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;

/**
 * Values as 64 bits. Two values that differ may share them, about once in a million million pairs
 * of a million values: then a key is overlooked, and none is made up.
 */
final class ValueHash {
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private ValueHash() {}

  static long of(Object value) {
    if (value instanceof Long || value instanceof Integer) {
      return mix(((Number) value).longValue());
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return mix(Double.doubleToLongBits(number == 0 ? 0.0 : number));
    }
    if (value instanceof LocalDate date) {
      return mix(date.toEpochDay());
    }
    if (value instanceof LocalTime time) {
      return mix(time.toNanoOfDay());
    }
    if (value instanceof LocalDateTime time) {
      return with(mix(time.toLocalDate().toEpochDay()), time.toLocalTime().toNanoOfDay());
    }
    if (value instanceof Instant instant) {
      return with(mix(instant.getEpochSecond()), instant.getNano());
    }
    if (value instanceof UUID uuid) {
      return with(mix(uuid.getMostSignificantBits()), uuid.getLeastSignificantBits());
    }
    if (value instanceof ByteBuffer bytes) {
      long hash = bytes.remaining();
      for (int i = bytes.position(); i < bytes.limit(); i++) {
        hash = hash * FACTOR + bytes.get(i);
      }
      return mix(hash);
    }
    String text = value.toString();
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = hash * FACTOR + text.charAt(i) + 1;
    }
    return mix(hash);
  }

  /** A hash with one value more, in order. */
  static long with(long hash, long next) {
    return mix(hash * FACTOR + next);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 32)) * 0xD6E8FEB86659FD93L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 32);
  }
}
