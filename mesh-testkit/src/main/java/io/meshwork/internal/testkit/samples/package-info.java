/** How sample rows of a contract are generated: values of a type, of a column, of a row. */
@NullMarked
package io.meshwork.internal.testkit.samples;

import org.jspecify.annotations.NullMarked;
