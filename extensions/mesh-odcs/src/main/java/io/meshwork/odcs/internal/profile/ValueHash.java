package io.meshwork.odcs.internal.profile;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;

/**
 * 64-bit hashes of values. Different values can have the same hash, with a negligible probability;
 * then a key is missed, and never wrongly proposed.
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
      return combine(mix(time.toLocalDate().toEpochDay()), time.toLocalTime().toNanoOfDay());
    }
    if (value instanceof Instant instant) {
      return combine(mix(instant.getEpochSecond()), instant.getNano());
    }
    if (value instanceof UUID uuid) {
      return combine(mix(uuid.getMostSignificantBits()), uuid.getLeastSignificantBits());
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

  static long combine(long hash, long next) {
    return mix(hash * FACTOR + next);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 32)) * 0xD6E8FEB86659FD93L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return mixed ^ (mixed >>> 32);
  }
}
