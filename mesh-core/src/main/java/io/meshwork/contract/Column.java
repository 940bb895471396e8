package io.meshwork.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Sets the column's name or a decimal's size for a component of a Java record. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Column {
  /** The column's name. Default: the component's name. */
  String value() default "";

  /**
   * The number of digits of a {@code BigDecimal}, or of those in a list or map, 1 to 38. Required
   * for decimals, and not allowed for other types.
   */
  int precision() default 0;

  /** The number of digits after the decimal point of a {@code BigDecimal}, 0 to the precision. */
  int scale() default 0;
}
