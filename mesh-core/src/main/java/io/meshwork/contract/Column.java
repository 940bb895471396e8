package io.meshwork.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Sets what the type of a Java record's component does not say of its column. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Column {
  /** The column's name. Default: the component's name. */
  String value() default "";

  /**
   * The number of digits of a {@code BigDecimal}, or of each one in a list or map, 1 to 38.
   * Required for decimals, and not allowed for other types.
   */
  int precision() default 0;

  /** The number of digits after the decimal point of a {@code BigDecimal}, 0 to the precision. */
  int scale() default 0;

  /**
   * The column's name in files, if it differs, such as {@code Order ID}: {@code physicalName} of
   * ODCS. Files can have either name.
   */
  String physicalName() default "";

  /**
   * Whether a {@code String}, or each one in a list or map, also takes numbers, booleans, objects,
   * and arrays of JSON lines, as their JSON text. Ignored for other types.
   */
  boolean json() default false;
}
