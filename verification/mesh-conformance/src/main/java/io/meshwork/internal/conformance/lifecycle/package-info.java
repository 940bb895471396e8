/** Random operations of every kind on one product, compared with a model. */
@NullMarked
package io.meshwork.internal.conformance.lifecycle;

import org.jspecify.annotations.NullMarked;
