package io.meshwork.internal.conformance.consume;

import io.meshwork.contract.Column;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Optional;
import java.util.UUID;

/** A row of {@link FlatTypes} as a Java record. */
record FlatRecord(
    Optional<Boolean> flag,
    Optional<Integer> whole,
    Optional<Long> big,
    Optional<Float> near,
    Optional<Double> exact,
    Optional<String> text,
    Optional<ByteBuffer> raw,
    Optional<ByteBuffer> four,
    Optional<Color> color,
    @Column(precision = 9, scale = 2) Optional<BigDecimal> price,
    @Column(precision = 18, scale = 4) Optional<BigDecimal> weight,
    @Column(precision = 38, scale = 10) Optional<BigDecimal> mass,
    Optional<LocalDate> day,
    @Column("time_millis") Optional<LocalTime> timeMillis,
    @Column("time_micros") Optional<LocalTime> timeMicros,
    @Column("instant_millis") Optional<Instant> instantMillis,
    @Column("instant_micros") Optional<Instant> instantMicros,
    @Column("local_millis") Optional<LocalDateTime> localMillis,
    @Column("local_micros") Optional<LocalDateTime> localMicros,
    @Column("uuid_text") Optional<UUID> uuidText,
    @Column("uuid_fixed") Optional<UUID> uuidFixed) {
  /** The enum symbols. */
  enum Color {
    RED,
    GREEN,
    BLUE
  }
}
