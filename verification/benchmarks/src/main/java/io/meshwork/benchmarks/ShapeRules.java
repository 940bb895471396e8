package io.meshwork.benchmarks;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notInSet;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.contract.Rule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.avro.generic.GenericRecord;

/**
 * Rules that all records of a shape keep.
 *
 * @param rules as a contract has them
 * @param recordByRecord the same, as people write them for GenericRecords: a new check of one file
 */
record ShapeRules(List<Rule> rules, Supplier<Predicate<GenericRecord>> recordByRecord) {
  private static final Pattern CITY = Pattern.compile("city [0-9]{1,3}");
  private static final Pattern SKU = Pattern.compile("sku-[0-9]{1,5}");
  private static final Pattern TEXT = Pattern.compile("text [0-9]{1,4}");

  /** The first columns of the wide shape have a rule each. */
  private static final int RULED = 30;

  private static final LocalDate FIRST_DAY = LocalDate.ofEpochDay(20_000);
  private static final LocalDate LAST_DAY = FIRST_DAY.plusDays(365);
  private static final Instant FIRST = FIRST_DAY.atStartOfDay().toInstant(ZoneOffset.UTC);
  private static final Instant LAST = LAST_DAY.atStartOfDay().toInstant(ZoneOffset.UTC);
  private static final BigDecimal NOTHING = new BigDecimal("0.00");
  private static final BigDecimal MOST = new BigDecimal("10000000.00");
  private static final BigDecimal MOST_TAX = new BigDecimal("10000000000000.000000");
  private static final LocalTime END_OF_DAY = LocalTime.of(23, 59, 59, 999_999_000);
  private static final LocalDateTime FIRST_PICKUP = LocalDateTime.of(2023, 12, 1, 0, 0);
  private static final LocalDateTime LAST_PICKUP = LocalDateTime.of(2024, 3, 1, 0, 0);
  private static final int ZONES = 265;
  private static final Set<String> FLAGS = Set.of("Y", "N");

  static ShapeRules of(AvroShape shape) {
    return switch (shape) {
      case NESTED -> nested();
      case WIDE -> wide();
      case LOGICAL -> logical();
    };
  }

  /** Returns the rules of {@link BenchmarkOrders}. */
  static ShapeRules orders() {
    return new ShapeRules(BenchmarkOrders.contract().rules(), AvroOrders::rules);
  }

  private static ShapeRules nested() {
    return new ShapeRules(
        List.of(
            unique("id"),
            length("customer.name", 1, 40),
            matches("customer.city", CITY.pattern()),
            length("lines", 0, 10),
            matches("lines[].sku", SKU.pattern()),
            between("lines[].quantity", 1, 9),
            between("lines[].price", 0, 1_000),
            length("attributes", 0, 10),
            length("attributes{}", 1, 20),
            rowCount(1, Long.MAX_VALUE)),
        () -> {
          Set<Long> seen = new HashSet<>();
          return order -> seen.add((Long) order.get("id")) && keepsNested(order);
        });
  }

  private static boolean keepsNested(GenericRecord order) {
    GenericRecord customer = (GenericRecord) order.get("customer");
    int name = ((String) customer.get("name")).length();
    String city = (String) customer.get("city");
    List<?> lines = (List<?>) order.get("lines");
    Map<?, ?> attributes = (Map<?, ?>) order.get("attributes");
    if (name < 1
        || name > 40
        || (city != null && !CITY.matcher(city).matches())
        || lines.size() > 10
        || attributes.size() > 10) {
      return false;
    }
    for (Object each : lines) {
      GenericRecord line = (GenericRecord) each;
      int quantity = (Integer) line.get("quantity");
      double price = (Double) line.get("price");
      if (!SKU.matcher((String) line.get("sku")).matches()
          || quantity < 1
          || quantity > 9
          || !(price >= 0 && price <= 1_000)) {
        return false;
      }
    }
    for (Object each : attributes.values()) {
      int length = ((String) each).length();
      if (length < 1 || length > 20) {
        return false;
      }
    }
    return true;
  }

  private static ShapeRules wide() {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < RULED; i++) {
      String column = "c" + i;
      rules.add(
          switch (i % 6) {
            case 0, 3 -> notInSet(column, 0, -1);
            case 1, 4 -> between(column, 0, 1);
            case 2 -> matches(column, TEXT.pattern());
            default -> length(column, 6, 9);
          });
    }
    rules.add(rowCount(1, Long.MAX_VALUE));
    return new ShapeRules(rules, () -> ShapeRules::keepsWide);
  }

  private static boolean keepsWide(GenericRecord row) {
    for (int i = 0; i < RULED; i++) {
      Object value = row.get(i);
      if (value == null) {
        continue;
      }
      boolean isValid =
          switch (i % 6) {
            case 0, 3 -> (Long) value != 0 && (Long) value != -1;
            case 1, 4 -> (Double) value >= 0 && (Double) value <= 1;
            case 2 -> TEXT.matcher((String) value).matches();
            default -> ((String) value).length() >= 6 && ((String) value).length() <= 9;
          };
      if (!isValid) {
        return false;
      }
    }
    return true;
  }

  private static ShapeRules logical() {
    return new ShapeRules(
        List.of(
            unique("id"),
            between("amount", NOTHING, MOST),
            between("tax", MOST_TAX.negate(), MOST_TAX),
            between("day", FIRST_DAY, LAST_DAY),
            between("clock", LocalTime.MIN, END_OF_DAY),
            between("at", FIRST, LAST),
            compare("settled >= at"),
            rowCount(1, Long.MAX_VALUE)),
        () -> {
          Set<String> seen = new HashSet<>();
          return payment -> seen.add((String) payment.get("id")) && keepsLogical(payment);
        });
  }

  private static boolean keepsLogical(GenericRecord payment) {
    BigDecimal amount = decimal(payment.get("amount"), 2);
    BigDecimal tax = decimal(payment.get("tax"), 6);
    int day = (Integer) payment.get("day");
    long clock = (Long) payment.get("clock");
    long at = (Long) payment.get("at");
    Long settled = (Long) payment.get("settled");
    return amount.compareTo(NOTHING) >= 0
        && amount.compareTo(MOST) <= 0
        && tax.compareTo(MOST_TAX.negate()) >= 0
        && tax.compareTo(MOST_TAX) <= 0
        && day >= FIRST_DAY.toEpochDay()
        && day <= LAST_DAY.toEpochDay()
        && clock >= 0
        && clock <= END_OF_DAY.toNanoOfDay() / 1_000
        && at >= ChronoUnit.MICROS.between(Instant.EPOCH, FIRST)
        && at <= ChronoUnit.MICROS.between(Instant.EPOCH, LAST)
        && (settled == null || settled >= at);
  }

  private static BigDecimal decimal(Object value, int scale) {
    return new BigDecimal(new BigInteger(((ByteBuffer) value).array()), scale);
  }

  /** Returns the rules of taxi trips, none of which has a key. */
  static ShapeRules trips() {
    long first = micros(FIRST_PICKUP);
    long last = micros(LAST_PICKUP);
    return new ShapeRules(
        List.of(
            notNull("VendorID", "lpep_pickup_datetime", "lpep_dropoff_datetime", "PULocationID"),
            inSet("VendorID", 1, 2),
            inSet("store_and_fwd_flag", "Y", "N"),
            between("lpep_pickup_datetime", FIRST_PICKUP, LAST_PICKUP),
            compare("lpep_dropoff_datetime >= lpep_pickup_datetime"),
            between("PULocationID", 1, ZONES),
            between("DOLocationID", 1, ZONES),
            between("passenger_count", 0, 9),
            atLeast("trip_distance", 0),
            between("total_amount", -1_000, 10_000),
            between("payment_type", 1, 6),
            rowCount(1, Long.MAX_VALUE)),
        () -> trip -> keepsTrip(trip, first, last));
  }

  private static boolean keepsTrip(GenericRecord trip, long first, long last) {
    Integer vendor = (Integer) trip.get("VendorID");
    Long pickup = (Long) trip.get("lpep_pickup_datetime");
    Long dropoff = (Long) trip.get("lpep_dropoff_datetime");
    Integer from = (Integer) trip.get("PULocationID");
    Object flag = trip.get("store_and_fwd_flag");
    return vendor != null
        && pickup != null
        && dropoff != null
        && from != null
        && (vendor == 1 || vendor == 2)
        && (flag == null || FLAGS.contains(flag.toString()))
        && pickup >= first
        && pickup <= last
        && dropoff >= pickup
        && from >= 1
        && from <= ZONES
        && isIn((Integer) trip.get("DOLocationID"), 1, ZONES)
        && isIn((Double) trip.get("passenger_count"), 0, 9)
        && isIn((Double) trip.get("trip_distance"), 0, Double.POSITIVE_INFINITY)
        && isIn((Double) trip.get("total_amount"), -1_000, 10_000)
        && isIn((Double) trip.get("payment_type"), 1, 6);
  }

  private static boolean isIn(Number value, double low, double high) {
    return value == null || (value.doubleValue() >= low && value.doubleValue() <= high);
  }

  private static long micros(LocalDateTime time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant(ZoneOffset.UTC));
  }
}
