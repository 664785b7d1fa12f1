-- Runs after schema.sql, at every start; adds only what is missing.

insert into branch (code, name) values
	('harbour', 'Harbour'),
	('hillside', 'Hillside'),
	('north', 'North'),
	('south', 'South')
on conflict do nothing;

insert into book (id, title, author, isbn, published) values
	(1, 'Emma', 'Jane Austen', '9780141439587', 1815),
	(2, 'Pride and Prejudice', 'Jane Austen', '9780141439518', 1813),
	(3, 'Persuasion', 'Jane Austen', '9780141439686', 1817),
	(4, 'Jane Eyre', 'Charlotte Brontë', '9780141441146', 1847),
	(5, 'Wuthering Heights', 'Emily Brontë', '9780141439556', 1847),
	(6, 'Frankenstein', 'Mary Shelley', '9780141439471', 1818),
	(7, 'Great Expectations', 'Charles Dickens', '9780141439563', 1861),
	(8, 'Bleak House', 'Charles Dickens', '9780141439723', 1853),
	(9, 'A Tale of Two Cities', 'Charles Dickens', '9780141439600', 1859),
	(10, 'Middlemarch', 'George Eliot', '9780141439549', 1871),
	(11, 'Vanity Fair', 'William Makepeace Thackeray', '9780141439839', 1848),
	(12, 'Tess of the d''Urbervilles', 'Thomas Hardy', '9780141439594', 1891),
	(13, 'Far from the Madding Crowd', 'Thomas Hardy', '9780141439655', 1874),
	(14, 'The Woman in White', 'Wilkie Collins', '9780141439617', 1860),
	(15, 'The Moonstone', 'Wilkie Collins', '9780140434088', 1868),
	(16, 'Dracula', 'Bram Stoker', '9780141439846', 1897),
	(17, 'The Picture of Dorian Gray', 'Oscar Wilde', '9780141439570', 1890),
	(18, 'Treasure Island', 'Robert Louis Stevenson', '9780141321004', 1883),
	(19, 'The Strange Case of Dr Jekyll and Mr Hyde', 'Robert Louis Stevenson', '9780141439730', 1886),
	(20, 'The Time Machine', 'H. G. Wells', '9780141439976', 1895),
	(21, 'The War of the Worlds', 'H. G. Wells', '9780141441030', 1898),
	(22, 'Heart of Darkness', 'Joseph Conrad', '9780141441672', 1899),
	(23, 'Robinson Crusoe', 'Daniel Defoe', '9780141439822', 1719),
	(24, 'Gulliver''s Travels', 'Jonathan Swift', '9780141439495', 1726),
	(25, 'Moby-Dick', 'Herman Melville', '9780142437247', 1851),
	(26, 'The Scarlet Letter', 'Nathaniel Hawthorne', '9780142437261', 1850),
	(27, 'Adventures of Huckleberry Finn', 'Mark Twain', '9780142437179', 1884),
	(28, 'Little Women', 'Louisa May Alcott', '9780140390698', 1868),
	(29, 'The Age of Innocence', 'Edith Wharton', '9780140189704', 1920),
	(30, 'Crime and Punishment', 'Fyodor Dostoevsky', '9780140449136', 1866),
	(31, 'The Brothers Karamazov', 'Fyodor Dostoevsky', '9780140449242', 1880),
	(32, 'Anna Karenina', 'Leo Tolstoy', '9780143035008', 1878),
	(33, 'War and Peace', 'Leo Tolstoy', '9780140447934', 1869),
	(34, 'Dead Souls', 'Nikolai Gogol', '9780140448078', 1842),
	(35, 'Fathers and Sons', 'Ivan Turgenev', '9780141441337', 1862),
	(36, 'Les Misérables', 'Victor Hugo', '9780140444308', 1862),
	(37, 'The Count of Monte Cristo', 'Alexandre Dumas', '9780140449266', 1844),
	(38, 'Madame Bovary', 'Gustave Flaubert', '9780140449129', 1857),
	(39, 'Around the World in Eighty Days', 'Jules Verne', '9780140449068', 1873),
	(40, 'Don Quixote', 'Miguel de Cervantes', '9780060934347', 1605)
on conflict do nothing;

-- Three copies of each book, at three of the four branches: copy 171 is book 17 at branch 1
insert into copy (id, book_id, branch)
select book.id * 10 + shelf.number, book.id, shelf.branch
from book
cross join (values (1, 'north'), (2, 'south'), (3, 'harbour'), (4, 'hillside')) as shelf (number, branch)
where mod(book.id + shelf.number, 4) <> 0
on conflict do nothing;

insert into member (id, name) values
	(1, 'Adela Thackwray'),
	(2, 'Benedikt Osterhaus'),
	(3, 'Callum Dunwick'),
	(4, 'Daria Velković'),
	(5, 'Edmund Larkspur'),
	(6, 'Farida Noorzai'),
	(7, 'Gwendolen Pask'),
	(8, 'Hamish Orrick'),
	(9, 'Imogen Fallowfield'),
	(10, 'Jorge Valdeluna'),
	(11, 'Katarzyna Brzezińczak'),
	(12, 'Leopold Grünwald'),
	(13, 'Maeve O''Tierney'),
	(14, 'Niall Brackenbury'),
	(15, 'Oluwaseun Adeyanju'),
	(16, 'Philippa Quill'),
	(17, 'Quentin Marchbanks'),
	(18, 'Rosalind Tarn'),
	(19, 'Sunniva Håland'),
	(20, 'Tobias Ferrow'),
	(21, 'Ursula Penhallow'),
	(22, 'Vikram Chandekar'),
	(23, 'Winifred Stroud'),
	(24, 'Yasmin Haddadine'),
	(25, 'Zoltán Keresztfalvi')
on conflict do nothing;

-- A dozen open loans, two of them overdue, for a library that has lent nothing yet
insert into loan (copy_id, member_id, borrowed_at, due_at)
select copy_id, member_id, current_timestamp - days * interval '1' day, current_timestamp - (days - 21) * interval '1' day
from (values
	(11, 9, 1), (61, 4, 5), (161, 20, 9),
	(32, 13, 2), (72, 25, 24), (252, 1, 12),
	(183, 16, 3), (323, 6, 7), (393, 22, 26),
	(54, 18, 4), (174, 11, 10), (374, 15, 15)) as seed (copy_id, member_id, days)
where not exists (select 1 from loan)
order by days desc;

update copy set on_loan = true
where not on_loan and exists (select 1 from loan where loan.copy_id = copy.id and loan.returned_at is null);
