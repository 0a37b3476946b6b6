//! Rows on their way into a statement: what `{rows …}` and `{among …}` read.
//!
//! Each database gets them in the form that it takes apart at the least cost. SQLite: one JSON array, in which each row is
//! an array of its columns by place. PostgreSQL: an array for each column, in binary.

use serde::Serialize;
use serde::de::value::Error;
use serde::ser::{Error as _, Impossible, SerializeMap, SerializeStruct, Serializer};
use serde_json::Value as Json;

/// A column of rows, as the statement names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name: that of the field.
    pub name: String,
    /// Whether it holds numbers; text otherwise.
    pub is_int: bool,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
}

/// A column of all rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Numbers.
    Ints(Vec<Option<i64>>),
    /// Texts.
    Texts(Vec<Option<String>>),
}

/// Rows: flat structs, each field a number, a text or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    names: Vec<String>,
    /// A row may end early: what it has not is null.
    rows: Vec<Vec<Cell>>,
}

impl Rows {
    /// These structs as rows.
    pub fn of<T: Serialize>(items: &[T]) -> Self {
        let mut rows = Self { names: Vec::new(), rows: Vec::with_capacity(items.len()) };
        for item in items {
            let mut row = RowWriter { names: &mut rows.names, cells: Vec::new(), place: 0 };
            item.serialize(&mut row).unwrap_or_else(|error| unreachable!("our rows are flat: {error}"));
            let cells = row.cells;
            rows.rows.push(cells);
        }
        rows
    }

    /// Ids as rows of one column.
    pub fn ids(ids: &[&str]) -> Self {
        Self { names: vec!["id".to_owned()], rows: ids.iter().map(|&id| vec![Cell::Text(id.to_owned())]).collect() }
    }

    fn place(&self, column: &Column) -> Option<usize> {
        self.names.iter().position(|name| *name == column.name)
    }

    /// For SQLite: a JSON array of rows, each an array of its columns in this order.
    pub fn by_place(&self, columns: &[Column]) -> String {
        let places: Vec<Option<usize>> = columns.iter().map(|column| self.place(column)).collect();
        let mut out = String::with_capacity(self.rows.len() * columns.len() * 12 + 2);
        list(&mut out, &self.rows, |out, row| list(out, &places, |out, place| write(out, place.and_then(|place| row.get(place)))));
        out
    }

    /// For SQLite: a JSON array of the values of the only column.
    pub fn in_a_list(&self) -> String {
        let mut out = String::with_capacity(self.rows.len() * 26 + 2);
        list(&mut out, &self.rows, |out, row| write(out, row.first()));
        out
    }

    /// For PostgreSQL: the values of the only column.
    pub fn only_column(self) -> Cells {
        Cells::Texts(self.rows.into_iter().map(|mut row| row.first_mut().map_or(Cell::Null, take).text()).collect())
    }

    /// For PostgreSQL: each of these columns of all rows.
    pub fn by_column(mut self, columns: &[Column]) -> Vec<Cells> {
        let one = |column: &Column| {
            let place = self.place(column);
            let cells = self.rows.iter_mut().map(|row| place.and_then(|place| row.get_mut(place)).map_or(Cell::Null, take));
            if column.is_int { Cells::Ints(cells.map(Cell::int).collect()) } else { Cells::Texts(cells.map(Cell::text).collect()) }
        };
        columns.iter().map(one).collect()
    }
}

/// A column is read once.
fn take(cell: &mut Cell) -> Cell {
    std::mem::replace(cell, Cell::Null)
}

impl Cell {
    fn int(self) -> Option<i64> {
        match self {
            Cell::Null => None,
            Cell::Int(value) => Some(value),
            Cell::Text(text) => unreachable!("a column of numbers holds {} letters", text.len()),
        }
    }

    fn text(self) -> Option<String> {
        match self {
            Cell::Null => None,
            Cell::Int(value) => Some(value.to_string()),
            Cell::Text(text) => Some(text),
        }
    }
}

fn list<T>(out: &mut String, items: &[T], mut each: impl FnMut(&mut String, &T)) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        each(out, item);
    }
    out.push(']');
}

fn write(out: &mut String, cell: Option<&Cell>) {
    use std::fmt::Write as _;
    match cell {
        None | Some(Cell::Null) => out.push_str("null"),
        Some(Cell::Int(value)) => {
            let _ = write!(out, "{value}");
        }
        Some(Cell::Text(text)) if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        Some(Cell::Text(text)) => out.push_str(&Json::from(text.as_str()).to_string()),
    }
}

/// Takes the fields of one struct.
struct RowWriter<'r> {
    names: &'r mut Vec<String>,
    cells: Vec<Cell>,
    /// Where the next field is looked for first: structs tell theirs in one order.
    place: usize,
}

impl RowWriter<'_> {
    fn put(&mut self, name: &str, cell: Cell) {
        let known = self.names.get(self.place).is_some_and(|next| next == name).then_some(self.place);
        let place = known.or_else(|| self.names.iter().position(|known| known == name)).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        if self.cells.len() <= place {
            self.cells.resize(place + 1, Cell::Null);
        }
        self.cells[place] = cell;
        self.place = place + 1;
    }
}

impl SerializeStruct for &mut RowWriter<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        self.put(name, value.serialize(CellWriter)?);
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
        let Cell::Text(name) = name.serialize(CellWriter)? else { return Err(Error::custom("a name is a text")) };
        self.put(&name, value.serialize(CellWriter)?);
        Ok(())
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

/// Methods of a serializer for what is not taken.
macro_rules! refuse {
    ($ok:ty; $($method:ident($($kind:ty),*))*) => {
        $(fn $method(self, $(_: $kind),*) -> Result<$ok, Error> { Err(Error::custom(stringify!($method))) })*
    };
}

/// What is a value with parts is not taken by either.
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

/// Takes one field.
struct CellWriter;

/// Numbers become numbers of 64 bits.
macro_rules! whole {
    ($($method:ident($kind:ty))*) => { $(fn $method(self, value: $kind) -> Result<Cell, Error> { Ok(Cell::Int(i64::from(value))) })* };
}

impl Serializer for CellWriter {
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
        Ok(Cell::Text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Cell, Error> {
        Ok(Cell::Text(value.to_owned()))
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
        Ok(Cell::Text(variant.to_owned()))
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
        let texts = |texts: [Option<&str>; 2]| Cells::Texts(texts.map(|text| text.map(str::to_owned)).to_vec());
        let expected = vec![
            Cells::Ints(vec![None, Some(9)]),
            texts([Some("a"), Some("b\"\\\n")]),
            texts([Some("1"), Some("-7")]),
            texts([None, None]),
            texts([None, Some("ü")]),
        ];
        assert_eq!(rows().by_column(&columns), expected);
    }

    #[test]
    fn ids_are_a_list() {
        assert_eq!(Rows::ids(&["a", "b\"c"]).in_a_list(), r#"["a","b\"c"]"#);
    }
}
