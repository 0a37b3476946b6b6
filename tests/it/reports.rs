//! Honest numbers: what reports show is held against a full count of the rows, made here in another way.

mod compared;
mod counts;
mod lists;
mod naive;
mod overall;
mod pages;
mod rebuilt;
mod reviewed;
mod shop;
