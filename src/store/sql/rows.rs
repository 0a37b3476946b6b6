//! Rows as parameters of a statement: the values of `{rows …}` and `{among …}`.
//!
//! Each database gets them in its cheapest form. SQLite: for inserts, each value is bound separately; otherwise one JSON array, in
//! which each row is an array of its columns by position. PostgreSQL: an array for each column, in binary.

use serde::Serialize;
use serde::de::value::Error;
use serde::ser::{Error as _, Impossible, SerializeMap, SerializeStruct, Serializer};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// A column of rows, as the statement names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: that of the field.
    pub name: String,
    /// True if it has numbers; text otherwise.
    pub is_int: bool,
}

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cell {
    /// Null.
    Null,
    /// A number.
    Int(i64),
    /// A text: its start and end in the text of all rows.
    Text(usize, usize),
}

/// One value of a row, for binding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Given<'r> {
    /// Null.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(&'r str),
}

/// A column of all rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells<'r> {
    /// Numbers.
    Ints(Vec<Option<i64>>),
    /// Texts.
    Texts(Vec<Option<Cow<'r, str>>>),
}

/// Rows: flat structs, each field a number, a text or null. All their texts are in one string, so that a batch costs a few
/// allocations instead of one per value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    names: Vec<String>,
    text: String,
    cells: Vec<Cell>,
    /// End of each row in the cells. A row may be shorter: its missing values are null.
    ends: Vec<usize>,
}

impl Rows {
    /// Converts these structs to rows.
    pub fn of<T: Serialize>(items: &[T]) -> Self {
        let mut rows = Self { ends: Vec::with_capacity(items.len()), ..Self::default() };
        for item in items {
            let begins = rows.cells.len();
            let mut row = RowWriter { rows: &mut rows, begins, place: 0 };
            item.serialize(&mut row).unwrap_or_else(|error| unreachable!("our rows are flat: {error}"));
            rows.ends.push(rows.cells.len());
        }
        rows
    }

    /// IDs as rows of one column.
    pub fn ids(ids: &[impl Display]) -> Self {
        let mut rows = Self { names: vec!["id".to_owned()], ..Self::default() };
        for id in ids {
            let begins = rows.text.len();
            let _ = write!(rows.text, "{id}");
            rows.cells.push(Cell::Text(begins, rows.text.len()));
            rows.ends.push(rows.cells.len());
        }
        rows
    }

    /// Rows of a table whose columns are called `names`.
    pub fn table<'a>(names: Vec<String>, rows: impl IntoIterator<Item = Vec<Given<'a>>>) -> Self {
        let mut table = Self { names, ..Self::default() };
        for row in rows {
            for value in row {
                let cell = match value {
                    Given::Null => Cell::Null,
                    Given::Int(value) => Cell::Int(value),
                    Given::Text(text) => {
                        let begins = table.text.len();
                        table.text.push_str(text);
                        Cell::Text(begins, table.text.len())
                    }
                };
                table.cells.push(cell);
            }
            table.ends.push(table.cells.len());
        }
        table
    }

    /// Positions of these columns in a row; `None` if no row has the column.
    pub fn places(&self, columns: &[Column]) -> Vec<Option<usize>> {
        columns.iter().map(|column| self.names.iter().position(|name| *name == column.name)).collect()
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Value of a row at a position from [`Rows::places`].
    pub fn given(&self, row: usize, place: Option<usize>) -> Given<'_> {
        let begins = if row == 0 { 0 } else { self.ends[row - 1] };
        let cell = place.and_then(|place| self.cells[begins..self.ends[row]].get(place));
        match cell {
            None | Some(Cell::Null) => Given::Null,
            Some(Cell::Int(value)) => Given::Int(*value),
            Some(Cell::Text(from, to)) => Given::Text(&self.text[*from..*to]),
        }
    }

    /// For SQLite: a JSON array of rows, each an array of its columns in this order.
    pub fn by_place(&self, columns: &[Column]) -> String {
        let places = self.places(columns);
        let mut out = String::with_capacity(self.text.len() + self.count() * (columns.len() * 4 + 2) + 2);
        list(&mut out, self.count(), |out, row| list(out, places.len(), |out, at| write(out, self.given(row, places[at]))));
        out
    }

    /// For SQLite: a JSON array of the values of the only column.
    pub fn in_a_list(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + self.count() * 3 + 2);
        list(&mut out, self.count(), |out, row| write(out, self.given(row, Some(0))));
        out
    }

    /// For PostgreSQL: the values of the only column.
    pub fn only_column(&self) -> Cells<'_> {
        self.column(Some(0), false)
    }

    /// For PostgreSQL: each of these columns of all rows.
    pub fn by_column<'r>(&'r self, columns: &'r [Column]) -> impl Iterator<Item = Cells<'r>> {
        self.places(columns).into_iter().zip(columns).map(|(place, column)| self.column(place, column.is_int))
    }

    fn column(&self, place: Option<usize>, is_int: bool) -> Cells<'_> {
        let cells = (0..self.count()).map(|row| self.given(row, place));
        if is_int { Cells::Ints(cells.map(Given::int).collect()) } else { Cells::Texts(cells.map(Given::text).collect()) }
    }
}

impl<'r> Given<'r> {
    fn int(self) -> Option<i64> {
        match self {
            Given::Null => None,
            Given::Int(value) => Some(value),
            Given::Text(text) => unreachable!("a column of numbers holds {} letters", text.len()),
        }
    }

    fn text(self) -> Option<Cow<'r, str>> {
        match self {
            Given::Null => None,
            Given::Int(value) => Some(value.to_string().into()),
            Given::Text(text) => Some(text.into()),
        }
    }
}

fn list(out: &mut String, count: usize, mut each: impl FnMut(&mut String, usize)) {
    out.push('[');
    for at in 0..count {
        if at > 0 {
            out.push(',');
        }
        each(out, at);
    }
    out.push(']');
}

fn write(out: &mut String, given: Given<'_>) {
    match given {
        Given::Null => out.push_str("null"),
        Given::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Given::Text(text) if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        Given::Text(text) => out.push_str(&Json::from(text).to_string()),
    }
}

/// Serializes the fields of one struct.
struct RowWriter<'r> {
    rows: &'r mut Rows,
    /// Start of the row in the cells.
    begins: usize,
    /// Position at which the next field is searched first: structs serialize their fields in one order.
    place: usize,
}

impl RowWriter<'_> {
    fn put(&mut self, name: &str, cell: Cell) {
        let Rows { names, cells, .. } = &mut *self.rows;
        let known = names.get(self.place).is_some_and(|next| next == name).then_some(self.place);
        let place = known.or_else(|| names.iter().position(|known| known == name)).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        let at = self.begins + place;
        if cells.len() <= at {
            cells.resize(at + 1, Cell::Null);
        }
        cells[at] = cell;
        self.place = place + 1;
    }

    fn cell<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<Cell, Error> {
        value.serialize(CellWriter(&mut self.rows.text))
    }
}

impl SerializeStruct for &mut RowWriter<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let cell = self.cell(value)?;
        self.put(name, cell);
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

impl SerializeMap for &mut RowWriter<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Error> {
        Err(Error::custom("a key comes with its value"))
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Error> {
        Err(Error::custom("a value comes with its key"))
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(&mut self, name: &K, value: &V) -> Result<(), Error> {
        let mut text = String::new();
        let Cell::Text(..) = name.serialize(CellWriter(&mut text))? else { return Err(Error::custom("a name is a text")) };
        let cell = self.cell(value)?;
        self.put(&text, cell);
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

/// Serializer methods for unsupported types.
macro_rules! refuse {
    ($ok:ty; $($method:ident($($kind:ty),*))*) => {
        $(fn $method(self, $(_: $kind),*) -> Result<$ok, Error> { Err(Error::custom(stringify!($method))) })*
    };
}

/// Unsupported compound types.
macro_rules! refuse_parts {
    ($ok:ty) => {
        type SerializeSeq = Impossible<$ok, Error>;
        type SerializeTuple = Impossible<$ok, Error>;
        type SerializeTupleStruct = Impossible<$ok, Error>;
        type SerializeTupleVariant = Impossible<$ok, Error>;
        type SerializeStructVariant = Impossible<$ok, Error>;

        refuse! { $ok; serialize_f32(f32) serialize_f64(f64) serialize_bytes(&[u8]) }

        fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, _: &'static str, _: &T) -> Result<$ok, Error> {
            Err(Error::custom("a variant"))
        }

        fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<$ok, Error> {
            value.serialize(self)
        }

        fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<$ok, Error> {
            value.serialize(self)
        }

        fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
            Err(Error::custom("a list"))
        }

        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
            Err(Error::custom("a tuple"))
        }

        fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
            Err(Error::custom("a tuple"))
        }

        fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeTupleVariant, Error> {
            Err(Error::custom("a variant"))
        }

        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, Error> {
            Err(Error::custom("a variant"))
        }
    };
}

impl<'w, 'r> Serializer for &'w mut RowWriter<'r> {
    type Ok = ();
    type Error = Error;
    type SerializeMap = &'w mut RowWriter<'r>;
    type SerializeStruct = &'w mut RowWriter<'r>;

    refuse_parts!(());
    refuse! { ();
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_u8(u8)
        serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) serialize_char(char) serialize_str(&str) serialize_none()
        serialize_unit() serialize_unit_struct(&'static str) serialize_unit_variant(&'static str, u32, &'static str)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        Ok(self)
    }
}

/// Serializes one field; its text is appended to those of the others.
struct CellWriter<'t>(&'t mut String);

impl CellWriter<'_> {
    fn put(self, text: &str) -> Cell {
        let begins = self.0.len();
        self.0.push_str(text);
        Cell::Text(begins, self.0.len())
    }
}

/// Numbers become 64-bit integers.
macro_rules! whole {
    ($($method:ident($kind:ty))*) => { $(fn $method(self, value: $kind) -> Result<Cell, Error> { Ok(Cell::Int(i64::from(value))) })* };
}

impl Serializer for CellWriter<'_> {
    type Ok = Cell;
    type Error = Error;
    type SerializeMap = Impossible<Cell, Error>;
    type SerializeStruct = Impossible<Cell, Error>;

    refuse_parts!(Cell);
    whole! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_u8(u8) serialize_u16(u16) serialize_u32(u32)
    }

    fn serialize_i64(self, value: i64) -> Result<Cell, Error> {
        Ok(Cell::Int(value))
    }

    fn serialize_u64(self, value: u64) -> Result<Cell, Error> {
        i64::try_from(value).map(Cell::Int).map_err(Error::custom)
    }

    fn serialize_char(self, value: char) -> Result<Cell, Error> {
        Ok(self.put(value.encode_utf8(&mut [0; 4])))
    }

    fn serialize_str(self, value: &str) -> Result<Cell, Error> {
        Ok(self.put(value))
    }

    fn serialize_none(self) -> Result<Cell, Error> {
        Ok(Cell::Null)
    }

    fn serialize_unit(self) -> Result<Cell, Error> {
        Ok(Cell::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Cell, Error> {
        Ok(Cell::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Cell, Error> {
        Ok(self.put(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        Err(Error::custom("a map"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        Err(Error::custom("a struct"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Inner {
        n: i64,
    }

    #[derive(Serialize)]
    struct One<'a> {
        id: &'a str,
        note: Option<String>,
        #[serde(flatten)]
        inner: Inner,
        #[serde(skip_serializing_if = "Option::is_none")]
        late: Option<u32>,
    }

    fn rows() -> Rows {
        let one = |id, note: Option<&str>, n, late| One { id, note: note.map(str::to_owned), inner: Inner { n }, late };
        Rows::of(&[one("a", None, 1, None), one("b\"\\\n", Some("ü"), -7, Some(9))])
    }

    fn columns(names: &[(&str, bool)]) -> Vec<Column> {
        names.iter().map(|&(name, is_int)| Column { name: name.to_owned(), is_int }).collect()
    }

    #[test]
    fn both_databases_get_the_columns_that_the_statement_names() {
        let columns = columns(&[("late", true), ("id", false), ("n", false), ("none", false), ("note", false)]);
        assert_eq!(rows().by_place(&columns), r#"[[null,"a",1,null,null],[9,"b\"\\\n",-7,null,"ü"]]"#);
        let texts = |texts: [Option<&'static str>; 2]| Cells::Texts(texts.map(|text| text.map(Cow::Borrowed)).to_vec());
        let expected = vec![
            Cells::Ints(vec![None, Some(9)]),
            texts([Some("a"), Some("b\"\\\n")]),
            texts([Some("1"), Some("-7")]),
            texts([None, None]),
            texts([None, Some("ü")]),
        ];
        assert_eq!(rows().by_column(&columns).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn ids_are_a_list() {
        assert_eq!(Rows::ids(&["a", "b\"c"]).in_a_list(), r#"["a","b\"c"]"#);
    }
}
