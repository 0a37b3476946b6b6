//! Figures of reports are compared with a full count of the rows, implemented independently here.

mod claims;
mod compared;
mod counts;
mod labelled_pages;
mod letters;
mod lists;
mod low_reasons;
mod matured;
mod naive;
mod operators;
mod overall;
mod own_numbers;
mod pages;
mod past;
mod reason_pages;
mod rebuilt;
mod reviewed;
mod sentences;
mod shop;
mod tabs;
mod views;
mod watched;
