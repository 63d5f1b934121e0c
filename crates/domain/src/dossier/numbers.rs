//! Numbers and symbols of papers: each book is continuous in the year of the agency that issues, so
//! that no number is given twice.

use jiff::civil::DateTime;

use crate::ids::UnitId;

use super::commands::CommandKind;
use super::copies::CopyForm;
use super::events::Event;
use super::facts::Facts;
use super::state::Record;

/// A book from which papers get their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Book {
    /// Requests to supplement (Mẫu 02).
    Requests,
    /// Refusals to receive (Mẫu 03).
    Refusals,
    /// Apologies: with a new date (Mẫu 04), and for a result that was issued in error.
    Apologies,
    /// Notices that nothing comes of a dossier (Mẫu 05).
    Stops,
    /// Copies of results, of every form.
    Copies,
}

impl Book {
    /// The sequence behind the book of `unit` in that year.
    pub fn sequence(self, unit: &UnitId, year: i16) -> String {
        let name = match self {
            Self::Requests => "request",
            Self::Refusals => "refusal",
            Self::Apologies => "apology",
            Self::Stops => "stop",
            Self::Copies => "copy",
        };
        format!("{name}:{unit}:{year}")
    }

    /// What stands after the number: slips of the centre have the symbol of their form, letters of
    /// an agency its identifier too.
    pub fn symbol(self, unit: &UnitId) -> String {
        match self {
            Self::Requests => "HDHS".to_owned(),
            Self::Refusals => "TCHS".to_owned(),
            Self::Apologies => format!("XL-{unit}"),
            Self::Stops => format!("TB-{unit}"),
            Self::Copies => format!("{}-{unit}", CopyForm::Whole.symbol()),
        }
    }
}

/// The book of the paper that a command makes, and whose it is: what the centre says itself is in
/// the centre's books, what the agency decides in the agency's. Both as they are today: whoever took
/// their work over numbers in its own books.
pub fn book_of<'a>(
    command: CommandKind,
    (centre, agency): (&'a UnitId, &'a UnitId),
) -> Option<(Book, &'a UnitId)> {
    let of_centre = [
        (CommandKind::AskSupplement, Book::Requests),
        (CommandKind::Decline, Book::Refusals),
        (CommandKind::Withdraw, Book::Stops),
        (CommandKind::CloseUnanswered, Book::Stops),
    ];
    let of_agency = [
        (CommandKind::Apologise, Book::Apologies),
        (CommandKind::Stop, Book::Stops),
        (CommandKind::CopyResult, Book::Copies),
    ];
    let in_books = |books: &[(CommandKind, Book)]| {
        let found = books.iter().find(|(kind, _)| *kind == command);
        found.map(|(_, book)| *book)
    };
    match (in_books(&of_centre), in_books(&of_agency)) {
        (Some(book), _) => Some((book, centre)),
        (None, Some(book)) => Some((book, agency)),
        (None, None) => None,
    }
}

impl Facts<'_> {
    /// The number of the paper that `command` makes; none while no number was drawn.
    pub(crate) fn paper_number(&self, command: CommandKind, record: &Record) -> Option<String> {
        let units = (record.centre(self.receiving), self.agency(record));
        let (book, unit) = book_of(command, units)?;
        self.number_in(book, unit)
    }

    /// The number drawn from that book, with its symbol.
    pub(crate) fn number_in(&self, book: Book, unit: &UnitId) -> Option<String> {
        let drawn = (self.number > 0).then_some(self.number)?;
        Some(format!("{drawn:02}/{}", book.symbol(unit)))
    }
}

impl Event {
    /// The number that the event gives to a paper, from which book, and when.
    pub fn paper_number(&self) -> Option<(Book, &str, DateTime)> {
        if let Self::CopiedToPaper(copy) = self {
            return Some((Book::Copies, &copy.number, copy.at));
        }
        let (book, number) = if let Self::SupplementRequested { request } = self {
            (Book::Requests, &request.number)
        } else if let Self::Declined { number, .. } = self {
            (Book::Refusals, number)
        } else if let Self::Apologised(apology) = self {
            (Book::Apologies, &apology.number)
        } else if let Self::Corrected { number, .. } = self {
            (Book::Apologies, number)
        } else if let Self::Withdrawn { number, .. } | Self::Stopped { number, .. } = self {
            (Book::Stops, number)
        } else {
            return None;
        };
        Some((book, number.as_deref()?, self.at()))
    }
}
